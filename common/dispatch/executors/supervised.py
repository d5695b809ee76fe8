"""Starting a supervisor: a process of its own that runs the tasks of one execution."""

from __future__ import annotations

import errno
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.dispatch.executors import supervisor
from common.dispatch.executors.base import StartRefused
from common.dispatch.executors.folder import Folder

__all__ = ["GRACE", "Order", "supervise"]

GRACE = 10.0
"""Seconds from SIGTERM to SIGKILL."""

_FOR_NOW = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What a supervisor is to do."""

    command: tuple[str, ...]
    """What each task is."""
    environment: dict[str, str]
    """What is the same for all tasks."""
    tasks: int
    at_once: int
    timeout: float
    """Seconds that an attempt may take."""
    grace: float = GRACE
    retries: int = 0
    """How often a task that failed is tried again, at once."""
    place: str | None = None
    """The folder in which tasks begin; None for that of this process."""

    def arguments(self) -> list[str]:
        """As the supervisor is told on its command line, so that it need not read before it
        begins."""
        numbers = (self.tasks, self.at_once, self.timeout, self.grace, self.retries)
        return [*map(str, numbers), *self.command]


def supervise(folder: Folder, asked: dict[str, Any], order: Order) -> None:
    """Make the execution's folder and start its supervisor, which outlives this process.

    Raises StartRefused, and OSError where the folder cannot be made; neither leaves anything.
    """
    with folder.made(asked) as inherited:
        arguments = [str(folder.path), *map(str, inherited), *order.arguments()]
        _start(folder, arguments, order, inherited)


def _start(folder: Folder, arguments: list[str], order: Order, inherited: tuple[int, int]) -> None:
    with folder.said.open("w") as output, _signals_held():
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", _program(), *arguments],
                env=order.environment,
                cwd=order.place,
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
        threading.Thread(target=process.wait, daemon=True, name="reaper").start()


def _program() -> str:
    """The supervisor as bytecode, where that is up to date: its source is compiled at each start.

    https://peps.python.org/pep-0552/ has the first bytes of such a file.
    """
    source, cached = str(supervisor.__file__), supervisor.__spec__.cached
    try:
        with Path(cached or "").open("rb") as bytecode:
            header = bytecode.read(16)
        of = Path(source).stat()
    except OSError:
        return source
    fresh = struct.pack("<III", 0, int(of.st_mtime) & 0xFFFFFFFF, of.st_size & 0xFFFFFFFF)
    return str(cached) if header[4:] == fresh else source


@contextmanager
def _signals_held() -> Iterator[None]:
    """A supervisor that is started herein gets signals once it listens, and misses none."""
    held = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
