"""Time that stands still until a test or a sleeper moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from common.clock import Clock
from common.documents import Documents


class FakeTime:
    """A clock whose sleeps take no time but move it on."""

    def __init__(self) -> None:
        self.start = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.elapsed = 0.0
        self.slept: list[float] = []
        self.clock = Clock(now=self.now, monotonic=self.monotonic, sleep=self.sleep)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds

    def advance(self, span: timedelta | float) -> None:
        self.elapsed += span.total_seconds() if isinstance(span, timedelta) else span

    def rule(self, documents: Documents) -> Documents:
        """Have a store tell this time for its own, and wait by it."""
        documents._clock, documents._now = self.clock, self.now
        return documents
