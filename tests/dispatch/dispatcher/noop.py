"""The runs that these dispatchers are given."""

from __future__ import annotations

from common.runs import Run
from tests.runs.making import made
from tests.time import FakeTime


def noop(time: FakeTime, id: str = "r1", *, due: float = 0.0, **fields) -> Run:
    """A run that is due in so many seconds."""
    return made(time.now(), id, age=-due, **{"max_attempts": 4, **fields})
