"""Which segments this task unpacks, where several tasks share an archive.

Each begins with a part of its own, and goes on with what nobody else has in hand, from the end. A
segment in hand has a note that changes as long as somebody works at it; one whose note has stood
still for a while is anybody's. Two that take the same segment do the same twice, which is a waste
and nothing else. So it takes no leader and no clock that all agree on, and the tasks may come one
after the other, as with `--parallelism 1`.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from common.blobs import BlobNotFound, Stage
from jobs.zip_unpack.errors import BadArchive
from jobs.zip_unpack.segments import Outcome, Segment, from_json, to_json

__all__ = ["REFUSED", "Share"]

REFUSED = "refused"
"""Note: why one of the tasks has refused the archive, for the others to do so too."""

_LOOK = 1.0
"""Seconds between two looks at what the others have done."""
_GLANCE = 0.1
"""The same, for a task that has nothing left of its own."""
_SIGN = 5.0
"""Seconds between two signs of life."""
_NOTED = 0.5
"""Seconds of work that are lost at most when this task is killed, and a segment for each thread."""
_SILENT = 20.0
"""Seconds after which one whose note stands still is taken for gone."""


class Share:
    """What is left to do of one archive, as this task knows it. Raises BadArchive where another
    task has refused it."""

    def __init__(  # noqa: PLR0913 - what it knows, and a clock for tests
        self,
        stage: Stage,
        key: str,
        segments: Sequence[Segment],
        *,
        part: int = 0,
        parts: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stage, self._key, self._clock = stage, key, clock
        self._alone = parts == 1
        self.done: dict[int, Outcome] = {}
        """What became of segments, by whoever it was."""
        self._sizes = {segment.number: segment.bytes for segment in segments}
        self._mine = deque(_largest_first(segments[part::parts]))
        self._others = [s for s in reversed(segments) if s.number % parts != part]
        self._hand: set[int] = set()
        self._fresh: dict[int, Outcome] = {}
        self._noted = clock()
        self._me = os.urandom(4).hex()
        self._seen: dict[str, tuple[str, float]] = {}
        """Each sign of others, and since when it has been what it is."""
        self._looked = self._signed = float("-inf")
        self._look()

    @property
    def is_over(self) -> bool:
        """Whether all is done, by whoever it was."""
        return len(self.done) == len(self._sizes)

    @property
    def bytes(self) -> int:
        """How many are done, by whoever it was."""
        return sum([self._sizes[number] for number in self.done])

    def next(self) -> Segment | None:
        """One to work at; None where there is none, for now or at all."""
        self._look_around()
        found = self._next_of_mine() or self._next_of_others()
        if found is not None:
            self._hand.add(found.number)
            self._sign(found.number)
        return found

    def _next_of_mine(self) -> Segment | None:
        while self._mine:
            segment = self._mine.popleft()
            if self._is_free(segment):
                return segment
            if segment.number not in self.done:
                self._others.append(segment)
        return None

    def _next_of_others(self) -> Segment | None:
        if self._others and self._clock() - self._looked >= _GLANCE:
            self._look()  # what was anybody's a second ago may be somebody's by now
        return next(filter(self._is_free, self._others), None)

    def _is_free(self, segment: Segment) -> bool:
        number = segment.number
        return not (number in self.done or number in self._hand or self._is_others(number))

    def ended(self, segment: Segment, outcome: Outcome) -> None:
        """Note what became of one that was worked at."""
        self.done[segment.number] = self._fresh[segment.number] = outcome
        self._hand.discard(segment.number)
        if self._clock() - self._noted >= _NOTED:
            self.note()

    def note(self) -> None:
        """Note what was done since the last time, for whoever goes on."""
        self._noted = self._clock()
        if self._fresh:
            name = f"done.{self._key}.{self._me}{len(self.done)}"
            self._stage.note(name, to_json(self._fresh))
            self._fresh = {}

    @property
    def others_are_busy(self) -> bool:
        """Whether all that is left is in the hands of others."""
        return not self._hand and not self.is_over

    def _is_others(self, number: int) -> bool:
        seen = self._seen.get(f"busy.{self._key}.{number}")
        return seen is not None and self._clock() - seen[1] < _SILENT

    def _look_around(self) -> None:
        if self._alone:
            return
        now = self._clock()
        if now - self._looked >= _LOOK:
            self._look()
        if now - self._signed >= _SIGN:
            for number in self._hand:
                self._sign(number)
            self._signed = now

    def _sign(self, number: int) -> None:
        if not self._alone:
            name, data = f"busy.{self._key}.{number}", f"{self._me} {self._clock()}".encode()
            self._stage.note(name, data)

    def _look(self) -> None:
        """Read what was noted since the last look."""
        self._looked = self._clock()
        done, busy = f"done.{self._key}.", f"busy.{self._key}."
        notes = self._stage.notes()
        if REFUSED in notes:
            with suppress(BlobNotFound):  # of those who refuse it each removes what there was
                raise BadArchive(*json.loads(self._stage.read_note(REFUSED)))
        for name, etag in notes.items():
            if name.startswith(done):
                self._read(name, etag)
            elif name.startswith(busy) and self._seen.get(name, ("", 0.0))[0] != etag:
                self._seen[name] = (etag, self._looked)
        self._others = [s for s in self._others if s.number not in self.done]

    def _read(self, name: str, etag: str) -> None:
        if name not in self._seen:
            self._seen[name] = (etag, self._looked)
            with suppress(BlobNotFound):
                for number, outcome in from_json(self._stage.read_note(name)).items():
                    self.done.setdefault(number, outcome)


def _largest_first(segments: Sequence[Segment]) -> list[Segment]:
    """Or the others would have ended long before the last, large one."""
    return sorted(segments, key=lambda segment: -segment.bytes)
