"""A service that tasks and schedules really call: it answers as it is told, and remembers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from common.listening import listening


@dataclass(frozen=True)
class Got:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Worker:
    """The service; its next answers are these, and 200 when there are no more."""

    url: str = ""
    answers: list[Response] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    """Cleared, it answers nothing."""
    most: int = 0
    """At once."""
    _now: int = 0
    _change: threading.Condition = field(default_factory=threading.Condition)

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        path = scope["path"] + (f"?{request.url.query}" if request.url.query else "")
        got = Got(request.method, path, dict(request.headers), await request.body())
        response = await run_in_threadpool(self._answer, got)
        await response(scope, receive, send)

    def _answer(self, got: Got) -> Response:
        with self._change:
            self._now += 1
            self.most = max(self.most, self._now)
            self.got.append(got)
            response = self.answers.pop(0) if self.answers else Response()
            self._change.notify_all()
        self.open.wait(30)
        with self._change:
            self._now -= 1
        return response

    def wait(self, count: int, seconds: float = 30) -> list[Got]:
        """What came, once so many have."""
        with self._change:
            assert self._change.wait_for(lambda: len(self.got) >= count, seconds), self.got
            return list(self.got)


@contextmanager
def working() -> Iterator[Worker]:
    """One that answers while the block does."""
    worker = Worker()
    worker.open.set()
    with listening(worker) as (host, port):
        worker.url = f"http://{host}:{port}"
        try:
            yield worker
        finally:
            worker.open.set()
