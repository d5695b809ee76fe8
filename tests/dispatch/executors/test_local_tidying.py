"""What ended on this machine long ago is removed, and nothing else."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

from tests.dispatch.backends import launch
from tests.dispatch.executors.laptops import reaped
from tests.dispatch.executors.test_local_deaths import NOON


def test_what_ended_long_ago_is_removed_and_nothing_else(laptop):
    def ended(days: int) -> str:
        name = laptop.executor.start(launch())
        laptop.task().end(0)
        laptop.settle(name)
        for path in (*laptop.folder(name).iterdir(), laptop.folder(name)):
            os.utime(path, (NOON.timestamp() - 86400 * days,) * 2)
        return name

    names = {days: ended(days) for days in (3, 6, 8, 9)}
    os.utime(laptop.folder(names[9]) / "task-0.log")  # somebody has printed since
    half_made = laptop.home / "executions" / "noop-halfmade"
    half_made.mkdir()
    os.utime(half_made, (0, 0))
    assert laptop.executor.tidy(NOON - timedelta(days=7)) == 2
    left = {path.name for path in (laptop.home / "executions").iterdir()}
    assert left == {names[3], names[6], names[9]}
    assert laptop.executor.tidy(NOON - timedelta(days=7)) == 0


def test_tasks_that_lost_their_supervisor_keep_their_folder(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(task.parent, signal.SIGKILL)
    reaped()
    for path in (*laptop.folder(name).iterdir(), laptop.folder(name)):
        os.utime(path, (0, 0))
    assert laptop.executor.tidy(NOON) == 0
    task.end(0)
    laptop.settle(name)
    assert laptop.executor.tidy(NOON) == 1


def test_there_may_be_nothing_to_tidy(laptop):
    assert laptop.executor.tidy(NOON) == 0
