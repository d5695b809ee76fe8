"""Executions of a Cloud Run that is asked without a server."""

from __future__ import annotations

from tests.dispatch.backends import await_unlocked
from tests.localcloud.run.conftest import LOCATION


def made(run, command, **task):
    containers = [{"image": "ours", "command": command}]
    template = {"containers": containers, **task}
    return run.jobs.create(LOCATION, "j", {"template": {"template": template}})


def folder_of(run, execution):
    return run.engine.folder(execution["name"].rpartition("/")[2])


def settle(run, execution) -> None:
    await_unlocked(folder_of(run, execution).path / "lock")
