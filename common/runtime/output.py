"""Where in what a task prints the output of each run begins.

A task that works on one run after the other prints all of it to one log. Where that is a file, as
on a laptop, RUNJOBS_OUTPUT_INDEX names another, task-N.index beside task-N.log, in which the task
notes a line `OFFSET RUN` before each. On Cloud Run entries are labelled instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress

__all__ = ["OutputIndex"]

INDEX = "RUNJOBS_OUTPUT_INDEX"
"""The index's path."""


class OutputIndex:
    """The index of this task's output; without a path, of none.

    It is there for whoever reads logs: where it cannot be written no run is the worse for it.
    """

    def __init__(self, path: str | None = None) -> None:
        self._index = self._log = -1
        if path:
            with suppress(OSError):
                self._log = os.open(f"{path.removesuffix('.index')}.log", os.O_RDONLY)
                self._index = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    @classmethod
    def from_environ(cls, environ: MutableMapping[str, str] = os.environ) -> OutputIndex:
        """The index of this process. Its children are not told, else they took it for theirs."""
        return cls(environ.pop(INDEX, None))

    def begins(self, run: str) -> None:
        """What is printed from now on is of that run."""
        if self._index < 0:
            return
        with suppress(OSError, ValueError):  # a full disk, or somebody closed it
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        with suppress(OSError):
            size = os.fstat(self._log).st_size
            os.write(self._index, f"{size} {run}\n".encode())
