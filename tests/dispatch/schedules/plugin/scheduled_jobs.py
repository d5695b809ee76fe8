# ruff: noqa: INP001 - it stands for an installed package
"""Jobs that have a schedule."""

from __future__ import annotations

import sys

from common.runtime import Context, Params, Retry, Schedule, job


class How(Params):
    how: str = "as usual"


@job("tidy", schedule=Schedule("30 3 * * *", zone="Europe/Berlin", missed="once"))
def tidy(params: How, _run: Context) -> dict[str, str]:
    """Tidy up each night."""
    return {"how": params.how}


@job("report")
def report(_run: Context) -> None:
    """Have no schedule, but where a test gives it one."""


@job("new-year", schedule="0 0 1 1 *")
def new_year(_run: Context) -> None:
    """Do what is due once a year."""


@job("new-year-wait", schedule="0 0 1 1 *", retry=Retry((0.0,)))
def new_year_wait(run: Context) -> None:
    """Do it when the test says so."""
    print(f"ready {run.attempt}", flush=True)  # noqa: T201
    sys.stdin.readline()
