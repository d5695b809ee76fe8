"""What a task has printed, line by line, and when and by which of its attempts each was.

Nobody notes when a line comes: one that does not say its time is as old as the last of its attempt
that does, and before that as the attempt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.dispatch.executors.folder import Folder
from common.dispatch.executors.local_logs import begun

__all__ = ["Line", "lines"]

_LONGEST = 256 * 1024
"""Bytes of an entry: Cloud Logging takes no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line, without its end."""

    text: str
    offset: int
    """Where in the log it begins."""
    task: int
    attempt: int
    run: str
    """On which run the task worked, where it has said so."""
    started: datetime
    """When the attempt did."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    offset: int
    started: datetime


def lines(folder: Folder) -> Iterator[Line]:
    """All that is kept of an execution's tasks, one task after the other."""
    for task, known in sorted(folder.tasks.items()):
        yield from _of_task(folder, task, _attempts(folder, known))


def _attempts(folder: Folder, known: dict[str, Any]) -> list[_Attempt]:
    told = [*known.get("failures", []), known]
    return [
        _Attempt(
            each.get("offset", 0),
            datetime.fromtimestamp(each.get("started") or folder.ended, UTC),
        )
        for each in told
    ]


def _of_task(folder: Folder, task: int, attempts: list[_Attempt]) -> Iterator[Line]:
    runs = begun(folder, task)
    for offset, text in _texts(folder, task):
        number = bisect_right(attempts, offset, key=lambda it: it.offset) - 1
        entry = bisect_right(runs, offset, key=lambda it: it[0]) - 1
        yield Line(
            text=text,
            offset=offset,
            task=task,
            attempt=max(number, 0),
            run=runs[entry][1] if entry >= 0 else "",
            started=attempts[max(number, 0)].started,
        )


def _texts(folder: Folder, task: int) -> Iterator[tuple[int, str]]:
    offset = 0
    with suppress(FileNotFoundError), folder.log(task).open("rb") as log:
        while line := log.readline(_LONGEST):
            text = line.decode(errors="replace").rstrip("\r\n")
            if text:
                yield offset, text
            offset += len(line)
