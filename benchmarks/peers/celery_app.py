"""The jobs as Celery tasks; what `celery worker` loads.

Its settings are the defaults but for two: tasks are acknowledged late, as ours are, and results
have a database of their own, where Redis counts them at once. A prefetch of one makes it no faster.
"""

from __future__ import annotations

import os

from celery import Celery

REDIS = os.environ["BENCH_REDIS"]

app = Celery("bench", broker=f"{REDIS}/0", backend=f"{REDIS}/1")
app.conf.update(task_acks_late=True)


@app.task
def noop() -> None:
    """Do nothing."""


@app.task
def keep(name: str, number: int) -> None:
    """Do nothing with two params."""
