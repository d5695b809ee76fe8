"""What tasks and schedules call in tests: it answers as it is told, and remembers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from common.localcloud.answers import Answer
from common.localcloud.calls import Calls
from common.localcloud.deliveries import Deliveries
from common.localcloud.outgoing import Outgoing
from common.localcloud.store import Store
from common.localcloud.tokens import Tokens
from tests.time import FakeTime

URL = "http://worker.test/do?a=1"

on_sqlite = pytest.mark.parametrize("documents_url", ["sqlite"], indirect=True)
"""For what has nothing to do with where documents are kept."""


@dataclass
class Target:
    """A Sender, whose next answers are these; 200 when there are no more."""

    answers: deque[int | Answer] = field(default_factory=deque)
    sent: list[Outgoing] = field(default_factory=list)
    held: list[Callable[[], None]] | None = None
    """Deliveries that have begun, where a test says when they go on; else they do at once."""

    def __call__(self, out: Outgoing) -> Answer:
        self.sent.append(out)
        answer = self.answers.popleft() if self.answers else 200
        return Answer(status=answer) if isinstance(answer, int) else answer

    def start(self, work: Callable[[], None]) -> None:
        if self.held is None:
            work()
        else:
            self.held.append(work)

    def go_on(self) -> None:
        """Let all that is held be answered."""
        held, self.held = self.held or [], []
        for work in held:
            work()

    def calls(self, store: Store, time: FakeTime) -> Calls:
        deliveries = Deliveries(tell=lambda: None, start=self.start, monotonic=time.monotonic)
        return Calls(tokens=Tokens(store), deliveries=deliveries, send=self, tell=lambda: None)
