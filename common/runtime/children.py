"""Child processes that never outlive the process that started them, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

__all__ = ["Children"]

_REAP = 1.0
_LEASH = str(Path(__file__).with_name("leash.py"))


class Children:
    """The child processes of one attempt."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Like subprocess.Popen, on a leash. Start it from the main thread: on Linux the leash is
        tied to the thread."""
        import subprocess

        leashed = [sys.executable, "-I", "-S", _LEASH, str(os.getpid()), *argv]
        child = subprocess.Popen(leashed, **{"stdin": subprocess.DEVNULL, **options})
        self._started.append(child)
        return child

    def kill(self) -> None:
        """End those that still run, within a second or so."""
        if not self._started:
            return
        import subprocess

        for child in self._started:
            child.kill()  # does nothing to one that has ended
        for child in self._started:
            with suppress(subprocess.TimeoutExpired):  # the kernel itself holds it
                child.wait(_REAP)
        self._started.clear()
