"""What a test asks a laptop about its executions."""

from __future__ import annotations

import json
import threading

from common.dispatch.executors import Launch
from common.dispatch.executors.local import LocalExecutor
from common.dispatch.executors.supervisor import Asked


def tasks_of(laptop, name) -> dict[str, dict]:
    return json.loads((laptop.folder(name) / "state.json").read_text())["tasks"]


def described(laptop, name):
    return laptop.executor.describe("noop", name)


def told(executor: LocalExecutor, launch: Launch) -> Asked:
    """What a supervisor understands of it."""
    return Asked(["folder", "3", "4", *executor._order(launch, "noop-1").arguments()])


def reaped() -> None:
    """Wait until the ends of all supervisors that have ended are known here."""
    for thread in threading.enumerate():
        if thread.name == "reaper":
            thread.join(20)
            assert not thread.is_alive()
