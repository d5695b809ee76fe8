"""What the benchmarks run, installed as another package's jobs are."""

from __future__ import annotations

import time

from common.runtime import Context, job


@job("bench-noop", queue="bench")
def noop(_run: Context) -> None:
    """Do nothing."""


@job("bench-clock", queue="bench")
def clock(_run: Context) -> float:
    """Tell when the first line ran, by a clock that all processes of this machine share."""
    return time.monotonic()
