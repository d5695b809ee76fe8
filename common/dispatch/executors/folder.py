"""The folder of one local execution: what was asked, how it stands, what was printed.

execution.json  what was asked; written last and removed first, so that a folder without it is no
                execution
state.json      of each task that has begun its pid and when it was started; of each that has ended
                how, and how the attempts before have failed
task-N.log      what task N prints
task-N.index    where in that each run's output begins, which the task itself notes
lock            kept locked as long as the supervisor or a task lives: so that the end of those who
                were killed, with no chance to say so, is known
unlisted        there where the local cloud shall not list it (any more)
control         a pipe to the supervisor, open for reading as long as it lives
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from common.dispatch.executors.supervisor import MOVE
from common.errors import RunjobsError

__all__ = ["Folder"]

_UNREAD = {errno.ENXIO, errno.EPIPE, errno.ENOENT}
"""What a pipe says that nobody reads."""


class Folder:
    """One execution's files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said = path / "supervisor.log"
        self._asked = path / "execution.json"
        self._lock = path / "lock"
        self._control = path / "control"
        self._unlisted = path / "unlisted"

    @contextmanager
    def made(self, asked: dict[str, Any]) -> Iterator[tuple[int, int]]:
        """Make the folder; yields what a supervisor inherits, the lock, held, and the control.

        They are its own from the start: there is no moment in which it would seem dead, or in
        which a cancellation would be lost. Nothing is left behind by a block that fails.
        """
        self.path.mkdir(parents=True)
        try:
            os.mkfifo(self._control)
            control = os.open(self._control, os.O_RDWR | os.O_NONBLOCK)
            with os.fdopen(control, "rb", buffering=0), self._lock.open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._write(asked)
                yield lock.fileno(), control
        except (OSError, RunjobsError):
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    @property
    def exists(self) -> bool:
        """Whether there is such an execution."""
        return self._asked.is_file()

    @property
    def is_alive(self) -> bool:
        """Whether its supervisor, or a task, lives."""
        try:
            lock = self._lock.open()
        except FileNotFoundError:
            return False
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked of it."""
        return _read(self._asked)

    @property
    def made_at(self) -> float:
        """When it was asked for, by this machine's clock."""
        try:
            return self._asked.stat().st_mtime
        except FileNotFoundError:  # it is being removed
            return 0.0

    @property
    def is_unlisted(self) -> bool:
        """Whether the local cloud shall not list it."""
        return self._unlisted.exists()

    def unlist(self) -> None:
        """Have the local cloud not list it (any more)."""
        with suppress(OSError):
            self._unlisted.touch()

    @property
    def ended(self) -> float:
        """When something was last told of its tasks, by this machine's clock."""
        try:
            return (self.path / "state.json").stat().st_mtime
        except FileNotFoundError:
            return self.path.stat().st_mtime

    @property
    def tasks(self) -> dict[int, dict[str, Any]]:
        """What is known of the tasks that have begun, by index."""
        known = _read(self.path / "state.json").get("tasks", {})
        return {int(index): task for index, task in known.items()}

    def log(self, task: int) -> Path:
        """What the task printed."""
        return self.path / f"task-{task}.log"

    def index(self, task: int) -> Path:
        """Where in what it printed each run's output begins."""
        return self.path / f"task-{task}.index"

    def is_over(self, before: float) -> bool:
        """Whether no one lives, and nothing was written since that time."""
        try:
            if self.path.stat().st_mtime >= before or self.is_alive:
                return False
            return all(file.stat().st_mtime < before for file in self.path.iterdir())
        except OSError:  # somebody else is removing it
            return False

    def remove(self) -> bool:
        """Remove it; returns whether it is gone."""
        self._asked.unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        return not self.path.exists()

    def end(self) -> None:
        """Have the supervisor end the tasks; where it is dead, kill those it has left behind."""
        if not self._tell(signal.SIGTERM):
            self._kill()

    def move(self) -> bool:
        """Have the supervisor move its tasks; returns whether there was one to be told."""
        return self.is_alive and self._tell(MOVE)

    def _tell(self, what: int) -> bool:
        """Tell the supervisor; returns whether it lives."""
        try:
            control = os.open(self._control, os.O_WRONLY | os.O_NONBLOCK)
            with os.fdopen(control, "wb", buffering=0) as pipe:
                pipe.write(bytes([what]))
        except OSError as error:
            if error.errno not in _UNREAD:
                raise
            return False
        return True

    def _kill(self) -> None:
        for task in self.tasks.values():
            pid = 0 if "result" in task else task["pid"]
            with suppress(ProcessLookupError, PermissionError):
                # Each task leads a session; a stranger who was given its pid will hardly do so.
                if pid and os.getsid(pid) == pid:
                    os.killpg(pid, signal.SIGKILL)

    def _write(self, asked: dict[str, Any]) -> None:
        new = self._asked.with_suffix(".new")
        new.write_text(json.dumps(asked))
        new.replace(self._asked)


def _read(path: Path) -> dict[str, Any]:
    """What is in the file; nothing, if it is not there or a crash of the machine cut it off."""
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content
