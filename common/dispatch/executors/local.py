"""Executions on this machine: a subprocess per task, under a supervisor of their own.

Each execution has a folder: what was asked, how its tasks stand, what they print, and a file that
the supervisor and its tasks keep locked as long as one of them lives. So one that was killed, with
no chance to say so, is known to have ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common.dispatch.executors.base import Counts, Executor, Launch, NoSuchExecution
from common.errors import Misconfigured
from common.ids import random_id
from common.runs import Run
from common.settings import Settings

__all__ = ["LocalExecutor"]

_SUPERVISOR = str(Path(__file__).with_name("supervisor.py"))


class LocalExecutor(Executor):
    """The Cloud Run Jobs of a laptop."""

    watchable = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.home / "executions"

    def start(self, launch: Launch) -> str:
        """Start a supervisor, detached from this process, and return the execution's name."""
        name = f"{launch.job}-{random_id()[:5]}"
        folder = self._folder / name
        try:
            folder.mkdir(parents=True)
            (folder / "execution.json").write_text(json.dumps(self._asked(launch, name)))
            self._supervise(folder)
        except OSError as error:
            raise self._unusable(error) from error
        return name

    def describe(self, job: str, name: str) -> Counts:  # noqa: ARG002 - names are unique here
        """Read how the tasks stand; those of which no one lives any more have failed."""
        folder = self._existing(name)
        alive = _is_locked(folder / "lock")
        tasks = _read(folder / "execution.json").get("tasks", 1)
        ended = _read(folder / "state.json").get("tasks", {})
        results = [task["result"] for task in ended.values()]
        counts = {kind: results.count(kind) for kind in ("succeeded", "failed", "cancelled")}
        if not alive:
            counts["failed"] += tasks - len(results)
        details = [task["detail"] for task in ended.values() if task["detail"]]
        return Counts(tasks=tasks, detail="; ".join(details[:3]), **counts)

    def cancel(self, job: str, name: str) -> None:  # noqa: ARG002
        """Tell the supervisor."""
        folder = self._existing(name)
        if _is_locked(folder / "lock"):
            os.kill(int((folder / "pid").read_text()), signal.SIGTERM)

    def logs(self, run: Run) -> Iterator[str]:
        """The kept output of the run's tasks."""
        for attempt in run.attempts:
            path = self._folder / attempt.worker.name / f"task-{attempt.worker.task}.log"
            if path.is_file():
                with path.open(encoding="utf-8", errors="replace") as lines:
                    yield from (line.rstrip("\n") for line in lines)

    def check(self) -> None:
        """See whether the home can be written."""
        place = self._settings.home
        while not place.exists():
            place = place.parent
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise self._unusable(f"{place} is not a writable folder")

    def _asked(self, launch: Launch, name: str) -> dict[str, Any]:
        environment = {
            **self._settings.environment(),
            "RUNJOBS_EXECUTION": launch.execution,
            "CLOUD_RUN_JOB": launch.job,
            "CLOUD_RUN_EXECUTION": name,
            "PYTHONUNBUFFERED": "1",
        }
        return {
            "command": [sys.executable, "-m", "jobs", launch.job],
            "environment": environment,
            "tasks": launch.tasks,
            "parallelism": min(launch.tasks, os.cpu_count() or 1),
            "timeout": launch.timeout.total_seconds(),
        }

    def _supervise(self, folder: Path) -> None:
        # The lock is taken here and inherited, so that there is no moment without it.
        with (folder / "lock").open("w") as lock, (folder / "supervisor.log").open("w") as output:
            fcntl.flock(lock, fcntl.LOCK_EX)
            supervisor = subprocess.Popen(
                [sys.executable, _SUPERVISOR, str(folder), str(lock.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
            (folder / "pid").write_text(str(supervisor.pid))
            # Nobody waits for it: it outlives us, or we are told of its end by the lock.
            supervisor.returncode = 0

    def _existing(self, name: str) -> Path:
        folder = self._folder / name
        if not (folder / "execution.json").is_file():
            raise NoSuchExecution(f"There is no execution {name} in {self._folder}.")
        return folder

    def _unusable(self, detail: object) -> Misconfigured:
        return Misconfigured(
            f"{self._settings.home} cannot be used ({detail}): make it writable, or point "
            "RUNJOBS_HOME elsewhere."
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return content


def _is_locked(path: Path) -> bool:
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
