"""What there is to import: files by their ids, folders and what is below them, and a search.

It is a line of small tasks, each a file or a folder to look at, and each leaves files found and
more tasks. What they left is kept as blobs, in parts, so that the next attempt goes on behind the
last part and asks for nothing twice.
"""

from __future__ import annotations

import dataclasses
import json
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from common.errors import InvalidInput
from common.files import Place
from common.runtime.threads import Threads
from jobs.drive_import.found import Found

__all__ = ["Listing", "Looked", "Task", "TooManyFiles"]

_PART = 500
"""Files and folders after which a part is kept."""
_AT_ONCE = 8


class TooManyFiles(InvalidInput):
    """Raised when more files match than a run was allowed to import."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"More files match than most_files, which is {most:,}: raise it, or ask for fewer."
        )


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to look at."""

    kind: str
    """`file`, `folder` (not known yet to be one), `within` (what is in a folder) or `search`."""
    id: str = ""
    name: str = ""
    """The folder's, after those that it is in."""
    depth: int = 0
    drive: str | None = None
    """The shared drive that it is in, or `all`."""


@dataclasses.dataclass(kw_only=True, slots=True)
class Looked:
    """What a task left."""

    files: list[Found] = dataclasses.field(default_factory=list)
    tasks: list[Task] = dataclasses.field(default_factory=list)
    skipped: list[dict[str, str]] = dataclasses.field(default_factory=list)
    """Each with name, id and reason."""
    complete: bool = True
    """Whether Drive searched everywhere."""


class Listing:
    """The files, each once, in the order in which they are found."""

    def __init__(self, tasks: Iterable[Task], *, most: int) -> None:
        self.files: dict[str, Found] = {}
        self.skipped: list[dict[str, str]] = []
        self.complete = True
        self._most = most
        self._tasks: deque[Task] = deque()
        self._seen: set[tuple[str, str]] = set()
        self._lines: list[str] = []
        self._weight = 0
        self._plan(tasks)

    def replay(self, part: Place) -> None:
        """Take what an earlier attempt was told."""
        for line in part.read().splitlines():
            self._take(_looked(json.loads(line)))

    def look(
        self, call: Callable[[Task], Looked], threads: Threads, keep: Callable[[bytes], None]
    ) -> None:
        """Do all tasks, a few at once; `keep` is given each part. Raises TooManyFiles."""
        while self._tasks:
            for looked in threads.map(call, list(islice(self._tasks, _AT_ONCE))):
                self._take(looked)
                self._lines.append(json.dumps(dataclasses.asdict(looked)) + "\n")
                self._weight += 1 + len(looked.files)
            if self._weight >= _PART or not self._tasks:
                keep("".join(self._lines).encode())
                self._lines, self._weight = [], 0

    def _take(self, looked: Looked) -> None:
        """The outcome of the task that is first in the line."""
        self._tasks.popleft()
        self._plan(looked.tasks)
        for file in looked.files:
            self.files.setdefault(file.id, file)
        if len(self.files) > self._most:
            raise TooManyFiles(self._most)
        self.skipped += looked.skipped
        self.complete = self.complete and looked.complete

    def _plan(self, tasks: Iterable[Task]) -> None:
        """Each once, so that shortcuts which lead in a circle end."""
        for task in tasks:
            if (key := (task.kind, task.id)) not in self._seen:
                self._seen.add(key)
                self._tasks.append(task)


def _looked(data: dict[str, Any]) -> Looked:
    files = [Found(**each) for each in data["files"]]
    return Looked(**{**data, "files": files, "tasks": [Task(**each) for each in data["tasks"]]})
