"""Threads that unpack segments, each with a reader of its own.

Inflating, checksums and writing go on without the interpreter's lock, so that two threads do twice
as much. They are daemons: a process that must end does not wait for a write that hangs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import BinaryIO

from jobs.zip_unpack.segments import Outcome, Segment

__all__ = ["Crew", "Halted", "Work"]

Work = Callable[[Segment, BinaryIO, Callable[[int], None]], Outcome]
"""Unpacks a segment by a reader, telling of the bytes of each part."""
_JOIN = 1.0


class Halted(Exception):
    """Raised in a thread whose work nobody waits for any more."""


class Crew:
    """The threads, within `with`."""

    def __init__(self, work: Work, readers: Sequence[BinaryIO]) -> None:
        self._work = work
        self._todo: SimpleQueue[Segment | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Segment, Outcome | BaseException]] = SimpleQueue()
        self._halt = False
        self._threads = [
            threading.Thread(target=self._run, args=(number, reader), daemon=True, name="unpacker")
            for number, reader in enumerate(readers)
        ]
        self._bytes = [0] * len(readers)
        self.busy = 0
        """Segments that were given and have not come back."""

    @property
    def is_full(self) -> bool:
        """Whether each thread has its work, and one more is waiting."""
        return self.busy > len(self._threads)

    @property
    def bytes(self) -> int:
        """How many the threads have unpacked so far."""
        return sum(self._bytes)

    def __enter__(self) -> Crew:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._halt = True
        for _thread in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join(_JOIN / len(self._threads))

    def give(self, segment: Segment) -> None:
        """Have it unpacked by the next thread that is free."""
        self.busy += 1
        self._todo.put(segment)

    def take(self, timeout: float) -> tuple[Segment, Outcome] | None:
        """One that has been unpacked, if there is one in time. Raises what its thread raised."""
        try:
            segment, outcome = self._done.get(timeout=timeout)
        except Empty:
            return None
        self.busy -= 1
        if isinstance(outcome, BaseException):
            raise outcome
        return segment, outcome

    def _run(self, number: int, reader: BinaryIO) -> None:
        def told(count: int) -> None:
            self._bytes[number] += count
            if self._halt:
                raise Halted

        while (segment := self._todo.get()) is not None and not self._halt:
            try:
                self._done.put((segment, self._work(segment, reader, told)))
            except BaseException as error:  # noqa: BLE001 - the main thread raises it
                self._done.put((segment, error))
