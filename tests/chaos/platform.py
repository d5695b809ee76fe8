"""A platform for executions that many processes share: what was started stands in files.

Its tasks are the test's to run, when and as often as it likes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from common.dispatch.executors import Counts, Executor, Launch, NoSuchExecution
from common.runs import Run

__all__ = ["Platform"]


class Platform(Executor):
    """Executions by our id, each a file that is there from the moment it was started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        folder.mkdir(exist_ok=True)

    def start(self, launch: Launch) -> str:
        name = f"{launch.job}-{launch.execution}"
        said = {"job": launch.job, "execution": launch.execution, "tasks": launch.tasks}
        new = self._folder / f"{name}.{os.getpid()}"
        new.write_text(json.dumps({**said, "name": name}))
        new.rename(self._folder / f"{name}.json")
        return name

    def find(self, job: str, execution: str, *, since: datetime) -> str | None:  # noqa: ARG002
        name = f"{job}-{execution}"
        return name if (self._folder / f"{name}.json").exists() else None

    def describe(self, job: str, name: str) -> Counts:
        path = self._folder / f"{name}.json"
        if not path.exists():
            raise NoSuchExecution(f"There is no {job} {name}.")
        tasks = json.loads(path.read_text())["tasks"]
        over = frozenset(task for task in range(tasks) if self._ended(name, task).exists())
        return Counts(tasks=tasks, over=over, ended=len(over) == tasks, detail="It ended.")

    def cancel(self, job: str, name: str) -> None:
        """Nobody here needs it."""

    def logs(self, run: Run) -> Iterator[str]:
        raise AssertionError(f"Nobody reads {run.id}.")

    def check(self) -> None: ...

    # --- the test's side

    def new(self) -> list[tuple[dict, int]]:
        """Tasks of executions that were started since this was last asked."""
        names = sorted({path.name for path in self._folder.glob("*.json")} - self._seen)
        self._seen.update(names)
        found = [json.loads((self._folder / name).read_text()) for name in names]
        return [(execution, task) for execution in found for task in range(execution["tasks"])]

    def end(self, name: str, task: int = 0) -> None:
        """Let it be known that a task has ended."""
        self._ended(name, task).touch()

    def _ended(self, name: str, task: int) -> Path:
        return self._folder / f"{name}.{task}.ended"
