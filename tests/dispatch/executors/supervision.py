"""Tasks whose supervisor is asked for what Cloud Run does."""

from __future__ import annotations

import os

from common.dispatch.executors.folder import Folder
from common.dispatch.executors.supervised import Order, supervise
from tests.dispatch.backends import await_unlocked


def begin(folder: Folder, command: list[str], **options) -> None:
    options = {"tasks": 1, "at_once": 1, "timeout": 60.0, "grace": 0.2, **options}
    order = Order(command=tuple(command), environment=dict(os.environ), **options)
    supervise(folder, {"tasks": order.tasks}, order)


def settle(folder: Folder) -> None:
    await_unlocked(folder.path / "lock")


def attempt_of(puppet) -> tuple[str, str]:
    names = ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT")
    return tuple(puppet.environment[name] for name in names)
