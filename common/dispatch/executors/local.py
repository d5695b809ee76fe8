"""Executions on this machine: a subprocess per task, under a supervisor of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from common.dispatch.executors.base import Counts, Executor, Launch, NoSuchExecution
from common.dispatch.executors.folder import Folder
from common.dispatch.executors.local_logs import read_logs
from common.dispatch.executors.supervised import GRACE, Order, supervise
from common.dispatch.executors.supervisor import last_line
from common.errors import Misconfigured
from common.ids import random_id
from common.runs import Run
from common.settings import Settings

__all__ = ["GRACE", "LocalExecutor"]


class LocalExecutor(Executor):
    """The Cloud Run Jobs of a laptop. A task is `command` and the job's name."""

    watchable = True

    def __init__(
        self,
        settings: Settings,
        *,
        command: Sequence[str] = (sys.executable, "-P", "-m", "jobs"),
        grace: float = GRACE,
    ) -> None:
        self._settings = settings
        self._command = command
        self._grace = grace
        self._folder = settings.home / "executions"
        self.capacity: int = settings.parallelism or os.cpu_count() or 1

    def start(self, launch: Launch) -> str:
        """Start a supervisor, detached from this process, and return the execution's name."""
        name = f"{launch.job}-{random_id()[:8]}"
        folder = Folder(self._folder / name)
        asked = {
            "job": launch.job,
            "execution": launch.execution,
            "tasks": launch.tasks,
            "runs": launch.runs,
        }
        try:
            supervise(folder, asked, self._order(launch, name))
        except OSError as error:
            raise self._unusable(error) from error
        return name

    def find(self, job: str, execution: str, *, since: datetime) -> str | None:  # noqa: ARG002
        """Look into all folders of the job: this machine's clock may be any time from `since`."""
        for asked in self._folder.glob(f"{job}-*/execution.json"):
            if Folder(asked.parent).asked.get("execution") == execution:
                return asked.parent.name
        return None

    def describe(self, job: str, name: str) -> Counts:  # noqa: ARG002 - names are unique here
        """Read how the tasks stand; those of which no one lives any more have failed."""
        folder = self._existing(name)
        alive = folder.is_alive  # asked first: if not, the state read next is the last
        count, known = folder.asked.get("tasks", 1), folder.tasks
        if not alive:
            known |= {task: _killed(folder, task) for task in range(count) if _is_open(known, task)}
        ended = [task for task in known.values() if "result" in task]
        results = [task["result"] for task in ended]
        return Counts(
            tasks=count,
            succeeded=results.count("succeeded"),
            failed=results.count("failed"),
            cancelled=results.count("cancelled"),
            over=frozenset(index for index in known if not _is_open(known, index)),
            ended=len(ended) >= count,
            detail="; ".join(dict.fromkeys(task["detail"] for task in ended if task["detail"]))[
                :900
            ],
        )

    def cancel(self, job: str, name: str) -> None:  # noqa: ARG002
        """Tell the supervisor."""
        folder = self._existing(name)
        if folder.is_alive:
            folder.end()

    def logs(self, run: Run) -> Iterator[str]:
        """Read the kept output of the run's tasks."""
        return read_logs(self._folder, run)

    def tidy(self, before: datetime) -> int:
        """Remove the folders in which no one lives and nothing was written since."""
        folders = [Folder(path) for path in self._folder.glob("*")]
        return sum(each.is_over(before.timestamp()) and each.remove() for each in folders)

    def check(self) -> None:
        """See whether the home can be written."""
        place = self._settings.home
        while not os.path.exists(place):  # noqa: PTH110 - Path's raises where it may not look
            place = place.parent
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise self._unusable(f"{place} is not a writable folder")

    def _order(self, launch: Launch, name: str) -> Order:
        return Order(
            command=(*self._command, launch.job),
            environment=self._environment(launch, name),
            tasks=launch.tasks,
            at_once=min(launch.tasks, self.capacity),
            timeout=launch.timeout.total_seconds(),
            grace=self._grace,
        )

    def _environment(self, launch: Launch, name: str) -> dict[str, str]:
        """What is the same for all tasks."""
        return {
            **os.environ,
            **self._settings.environment(),
            "RUNJOBS_EXECUTION": launch.execution,
            "CLOUD_RUN_JOB": launch.job,
            "CLOUD_RUN_EXECUTION": name,
            "PYTHONUNBUFFERED": "1",
        }

    def _existing(self, name: str) -> Folder:
        folder = Folder(self._folder / name)
        if not folder.exists:
            raise NoSuchExecution(f"There is no execution {name} in {self._folder}.")
        return folder

    def _unusable(self, detail: object) -> Misconfigured:
        return Misconfigured(
            f"{self._settings.home} cannot be used ({detail}): make it writable, or point "
            "RUNJOBS_HOME elsewhere."
        )


def _is_open(known: dict[int, dict[str, Any]], task: int) -> bool:
    return "result" not in known.get(task, {})


def _killed(folder: Folder, task: int) -> dict[str, Any]:
    said = last_line(folder.log(task)) or last_line(folder.said) or "nothing"
    detail = f"Killed, and its supervisor with it. It last said: {said}"
    return {"result": "failed", "detail": detail}
