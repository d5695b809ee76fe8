"""Laptops that serve a ledger, in time that only their rests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from common.dispatch import Dispatcher
from common.dispatch.serve import Server
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.runs import Run, Runs, State
from tests.dispatch.stub import Stub
from tests.faults import Faulty
from tests.runs.making import finished, made
from tests.time import FakeTime

MINUTE, HOUR = 60, 3600


class Laptop:
    """A ledger, its wake-ups, and servers whose rests move time: as a process of its own."""

    def __init__(self, url: str, time: FakeTime, *outcomes) -> None:
        self.time = time
        self.documents = Faulty(time.rule(open_documents(url)), clock=time.clock)
        self.documents.read_interval = self.documents.inner.read_interval
        self.runs = Runs(self.documents)
        self.wakeups = LocalWakeups(self.documents)
        self.stub = Stub(*outcomes)
        self.dispatcher = Dispatcher(self.runs, self.stub, wakeups=self.wakeups, clock=time.clock)

    def serve(self, seconds: float, *, meanwhile=lambda: None, **options) -> None:
        """Serve for so long; `meanwhile` happens whenever it rests."""
        end = self.time.elapsed + seconds

        def rest(pause: float) -> None:
            self.time.elapsed = min(end, self.time.elapsed + pause)
            meanwhile()
            if self.time.elapsed == end:
                server.stop()

        server = Server(self.dispatcher, self.wakeups, clock=self.time.clock, wait=rest, **options)
        server.run()

    def submit(self, id: str = "r1", *, due: float = 0.0) -> Run:
        return self.dispatcher.submit(made(self.time.now(), id, age=-due, max_attempts=4))

    def state(self, id: str = "r1") -> State:
        return self.runs.get(id).state

    def claim(self, id: str = "r1", start: int = 1) -> Run:
        return self.runs.claim(id, self.stub.worker(start))

    def succeed(self, run: Run) -> None:
        finished(self.runs, run)

    def close(self) -> None:
        self.documents.inner.close()


@contextmanager
def together(kind: type[Laptop], home: Path, time: FakeTime) -> Iterator[Callable[..., Laptop]]:
    """Makes laptops of one ledger, and closes them."""
    url = f"sqlite:///{home}/documents.sqlite3"
    with ExitStack() as stack:
        yield lambda *outcomes, **declared: stack.enter_context(
            closing(kind(url, time, *outcomes, **declared))
        )
