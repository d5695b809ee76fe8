"""What a run printed, as the folders of local executions have it.

A task works on one run after the other, and prints all of it to one log. Where the output of each
begins is in an index beside it, a line `OFFSET RUN` for each attempt, which the task notes
(common/runtime/output.py). What comes before the first, such as an error while it started, belongs
to the run that the task was started for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from common.dispatch.executors.folder import Folder
from common.runs import Run

__all__ = ["begun", "read_logs"]

_ENTRY = re.compile(rb"([0-9]{1,18}) (\S+)\n")
Place = tuple[Path, int]
"""The folder of an execution, and a task of it."""
Part = tuple[int, int | None]
"""From one byte of a log to before another; None for its end."""


def read_logs(executions: Path, run: Run) -> Iterator[str]:
    """A line each, of all the run's attempts and of starts that came to nothing, oldest first."""
    places = _places(executions, run)
    left = {(path, task): _parts(Folder(path), task, run.id) for path, task in places}
    visits = Counter(places)
    for place in places:
        visits[place] -= 1
        parts = left[place] if not visits[place] else left[place][:1]  # an attempt each
        left[place] = left[place][len(parts) :]
        for part in parts:
            yield from _lines(Folder(place[0]).log(place[1]), part)


def _places(executions: Path, run: Run) -> list[Place]:
    found = [
        (each.started.timestamp(), executions / each.worker.name, each.worker.task)
        for each in run.attempts
    ]
    known = {(path, task) for _, path, task in found}
    for asked in executions.glob("*/execution.json"):
        runs = Folder(asked.parent).asked.get("runs", [])
        if run.id in runs and (asked.parent, runs.index(run.id)) not in known:
            with suppress(FileNotFoundError):  # it is being removed
                found.append((asked.stat().st_mtime, asked.parent, runs.index(run.id)))
    return [(path, task) for _, path, task in sorted(found, key=lambda each: each[0])]


def _parts(folder: Folder, task: int, run: str) -> list[Part]:
    """What of a task's log is of the run, in order."""
    starts = begun(folder, task)
    if not starts:
        return [(0, None)]  # nobody knows whose it is, and whoever asks was there
    ends = [*(start for start, _ in starts[1:]), None]
    return [(start, end) for (start, whose), end in zip(starts, ends, strict=True) if whose == run]


def begun(folder: Folder, task: int) -> list[tuple[int, str]]:
    """Where in a task's log each run's output begins, and whose it is; [] where nobody knows."""
    runs = folder.asked.get("runs", [])
    first = runs[task] if task < len(runs) else None
    starts = _noted(folder.index(task))
    if first is not None and (not starts or starts[0][1] != first):
        starts.insert(0, (0, first))
    return [(0, starts[0][1]), *starts[1:]] if starts else []


def _noted(index: Path) -> list[tuple[int, str]]:
    """What the task itself has noted; a full disk may have cut off a line."""
    try:
        entries = _ENTRY.findall(index.read_bytes())
    except FileNotFoundError:
        return []
    return [(int(offset), run.decode(errors="replace")) for offset, run in entries]


def _lines(log: Path, part: Part) -> Iterator[str]:
    start, end = part
    with suppress(FileNotFoundError), log.open("rb") as output:
        output.seek(start)
        for line in output:
            start += len(line)
            over = 0 if end is None else max(0, start - end)
            if over < len(line):
                yield from _text(line[: len(line) - over])
            if over:
                return


def _text(line: bytes) -> list[str]:
    """The line, or each of those that a carriage return has drawn over the other."""
    text = line.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n")
