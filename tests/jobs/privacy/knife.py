"""The process is killed at one of its commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from common.documents import Documents

__all__ = ["Killed", "knife"]

_RUNTIMES = {"runs"}
"""What the entrypoint writes: tests of the runtime kill there."""


class Killed(BaseException):
    """Raised in its place; nothing of the job may take it for a failure."""


@contextmanager
def knife(documents: Documents, *, after: int, applied: bool) -> Iterator[list[int]]:
    """Kill at the commit after so many, before or after it is applied; yields whether it did."""
    commit, done = documents.commit, [0]
    cut: list[int] = []

    def fatal(writes: Sequence[Any]) -> Any:
        if cut:
            raise Killed
        if {write.collection for write in writes} <= _RUNTIMES:
            return commit(writes)
        if done[0] == after:
            if applied:
                commit(writes)
            cut.append(after)
            raise Killed
        done[0] += 1
        return commit(writes)

    documents.commit = fatal  # type: ignore[method-assign]
    try:
        yield cut
    finally:
        documents.commit = commit  # type: ignore[method-assign]
