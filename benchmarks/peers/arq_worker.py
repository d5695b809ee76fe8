"""The jobs as arq functions; what `arq` loads.

By default a worker works on ten jobs at a time and looks into its queue twice a second, which comes
to 250 jobs a second for two. Here it takes so many so often that more makes it no faster.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

from arq.connections import RedisSettings


async def noop(_context: dict[str, Any]) -> None:
    """Do nothing."""


async def keep(_context: dict[str, Any], name: str, number: int) -> None:
    """Do nothing with two params."""


REDIS = os.environ["BENCH_REDIS"]


class WorkerSettings:
    """What the command arq asks for."""

    functions: ClassVar = [noop, keep]
    redis_settings = RedisSettings.from_dsn(REDIS)
    max_jobs = 100
    poll_delay = 0.05
