"""Runs executions: each under a supervisor of its own, in a folder as the local executor's are."""

from __future__ import annotations

import os

from common.dispatch.executors import StartRefused
from common.dispatch.executors.folder import Folder
from common.dispatch.executors.supervised import GRACE, Order, supervise
from common.ids import random_id
from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run import container as containers
from common.localcloud.run.names import ended_id
from common.localcloud.run.spec import container_of, seconds
from common.localcloud.run.standing import Standing, standing
from common.settings import Settings

__all__ = ["Engine"]

_OF_AN_EXECUTION = ("RUNJOBS_EXECUTION", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT")


class Engine:
    """Starts executions on this machine, and looks after them."""

    def __init__(self, settings: Settings, *, grace: float = GRACE) -> None:
        self._settings = settings
        self._grace = grace
        self.location = f"projects/{settings.project or 'local'}/locations/{settings.region}"
        """What a dispatcher on this machine starts is listed there."""
        self.home = settings.home / "executions"

    def new_id(self, job: str) -> str:
        """For an execution of that job; no folder has it."""
        while True:
            id = f"{job}-{random_id()[:5]}"
            if not self.folder(id).path.exists():
                return id

    def folder(self, execution: str) -> Folder:
        """Of the execution of that id."""
        return Folder(self.home / execution)

    def start(self, name: str, order: Order) -> None:
        """Start an execution. Raises ApiError where it was surely not started."""
        folder = self.folder(ended_id(name))
        asked = {"job": order.environment["CLOUD_RUN_JOB"], "resource": name, "tasks": order.tasks}
        try:
            supervise(folder, asked, order)
        except StartRefused as error:
            status = "RESOURCE_EXHAUSTED" if error.retryable else "INTERNAL"
            raise ApiError(status, str(error)) from error
        except OSError as error:
            raise ApiError("INTERNAL", f"{folder.path} cannot be used: {error}.") from error

    def order(self, execution: str, job: str, template: Json) -> Order:
        """What is to be run, both by their ids. Raises ApiError where it cannot be."""
        container = container_of(template)
        count = template["taskCount"]
        return Order(
            command=containers.command(container),
            environment=self._environment(execution, job, container),
            tasks=count,
            at_once=self._at_once(template),
            timeout=seconds(template["template"]["timeout"]),
            grace=self._grace,
            retries=template["template"]["maxRetries"],
            place=containers.place(container),
        )

    def standing(self, execution: str) -> Standing | None:
        """How its tasks stand; None where there is nothing of it."""
        folder = self.folder(execution)
        alive = folder.is_alive  # asked first: if not, the state read next is the last
        try:
            if not folder.exists:
                return None
            count, known, at = folder.asked.get("tasks", 1), folder.tasks, folder.ended
        except OSError:  # it is being removed
            return None
        return standing(count, known, alive=alive, at=at, log=folder.path.as_uri())

    def cancel(self, execution: str) -> bool:
        """End all tasks; returns whether there was anyone to be told."""
        folder = self.folder(execution)
        alive = folder.is_alive
        if alive:
            folder.end()
        return alive

    def forget(self, execution: str) -> None:
        """End all tasks, and never take it for one that a dispatcher has started."""
        self.cancel(execution)
        self.folder(execution).unlist()

    def migrate(self, execution: str) -> bool:
        """Move all tasks; returns whether there was anyone to be told."""
        return self.folder(execution).move()

    def _at_once(self, template: Json) -> int:
        """As many as the execution asks for; as there are processors where it does not say."""
        most = self._settings.parallelism
        asked: int = template.get("parallelism") or most or os.cpu_count() or 1
        return min(int(template["taskCount"]), asked, most or asked)

    def _environment(self, execution: str, job: str, container: Json) -> dict[str, str]:
        inherited = {name: it for name, it in os.environ.items() if name not in _OF_AN_EXECUTION}
        return {
            **inherited,
            **self._settings.environment(),
            "RUNJOBS_EXECUTOR": "local",
            "PYTHONUNBUFFERED": "1",
            "PATH": containers.search_path(os.environ),
            **containers.variables(container, os.environ),
            "CLOUD_RUN_JOB": job,
            "CLOUD_RUN_EXECUTION": execution,
        }
