"""Executions on this machine: a subprocess per task, under a supervisor of their own."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from common.dispatch.executors.base import Counts, Executor, Launch, NoSuchExecution, StartRefused
from common.dispatch.executors.folder import Folder
from common.dispatch.executors.supervisor import last_line
from common.errors import Misconfigured
from common.ids import random_id
from common.runs import Run
from common.settings import Settings

__all__ = ["GRACE", "LocalExecutor"]

GRACE = 10.0
"""Seconds from SIGTERM to SIGKILL."""

_SUPERVISOR = str(Path(__file__).with_name("supervisor.py"))
_FOR_NOW = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


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

    def start(self, launch: Launch) -> str:
        """Start a supervisor, detached from this process, and return the execution's name."""
        name = f"{launch.job}-{random_id()[:8]}"
        folder = Folder(self._folder / name)
        try:
            with folder.made(self._asked(launch, name)) as inherited:
                _supervise(folder, inherited)
        except OSError as error:
            raise self._unusable(error) from error
        return name

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
        """The kept output of the run's tasks."""
        for path in self._printed(run):
            if path.is_file():
                with path.open(encoding="utf-8", errors="replace") as lines:
                    yield from (line.rstrip("\n") for line in lines)

    def check(self) -> None:
        """See whether the home can be written."""
        place = self._settings.home
        while not os.path.exists(place):  # noqa: PTH110 - Path's raises where it may not look
            place = place.parent
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise self._unusable(f"{place} is not a writable folder")

    def _printed(self, run: Run) -> list[Path]:
        """Where its attempts' output is, and that of starts which came to nothing."""
        found = [
            (each.started.timestamp(), self._folder / each.worker.name, each.worker.task)
            for each in run.attempts
        ]
        known = {place for _, place, _ in found}
        for asked in self._folder.glob("*/execution.json"):
            runs = Folder(asked.parent).asked.get("runs", [])
            if run.id in runs and asked.parent not in known:
                found.append((asked.stat().st_mtime, asked.parent, runs.index(run.id)))
        found.sort(key=lambda each: each[0])
        return [Folder(place).log(task) for _, place, task in found]

    def _asked(self, launch: Launch, name: str) -> dict[str, Any]:
        environment = {
            **self._settings.environment(),
            "RUNJOBS_EXECUTION": launch.execution,
            "CLOUD_RUN_JOB": launch.job,
            "CLOUD_RUN_EXECUTION": name,
            "PYTHONUNBUFFERED": "1",
        }
        return {
            "command": [*self._command, launch.job],
            "environment": environment,
            "tasks": launch.tasks,
            "runs": launch.runs,
            "parallelism": min(launch.tasks, os.cpu_count() or 1),
            "timeout": launch.timeout.total_seconds(),
            "grace": self._grace,
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


def _supervise(folder: Folder, inherited: tuple[int, int]) -> None:
    """Start a supervisor that outlives this process."""
    with folder.said.open("w") as output:
        argv = [sys.executable, "-I", "-S", _SUPERVISOR, str(folder.path), *map(str, inherited)]
        try:
            supervisor = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=inherited,
                start_new_session=True,
            )
        except OSError as error:
            raise StartRefused(
                f"No process can be started here: {error}. Is there memory left, and does "
                f"{sys.executable} exist?",
                retryable=error.errno in _FOR_NOW,
            ) from error
    # Its end is told by the lock; this only keeps the zombie away while we live.
    with suppress(RuntimeError):  # too many threads, or this process ends
        threading.Thread(target=supervisor.wait, daemon=True, name="reaper").start()


def _is_open(known: dict[int, dict[str, Any]], task: int) -> bool:
    return "result" not in known.get(task, {})


def _killed(folder: Folder, task: int) -> dict[str, Any]:
    said = last_line(folder.log(task)) or last_line(folder.said) or "nothing"
    detail = f"Killed, and its supervisor with it. It last said: {said}"
    return {"result": "failed", "detail": detail}
