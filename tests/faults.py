"""A documents store that fails on command, in all the ways that a real one does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from common.documents import Document, Documents, Query, Write
from common.errors import Unavailable

T = TypeVar("T")

Fault = Literal["unavailable", "aborted", "deadline", "lost"] | None
"""`lost` is applied, but its answer does not arrive; the others are not applied."""

FAULTS: tuple[Fault, ...] = ("unavailable", "aborted", "deadline", "lost")


class Faulty(Documents):
    """Another store, of whose calls the next ones go as `faults` says (None: well)."""

    def __init__(self, inner: Documents, faults: Iterable[Fault] = (), **options) -> None:
        super().__init__(**{"patience": inner.patience, "clock": inner._clock, **options})
        self.inner = inner
        self.faults = deque(faults)
        self.calls: list[str] = []

    @property
    def url(self) -> str:
        return self.inner.url

    def _get(self, collection: str, id: str) -> Document | None:
        return self._call("get", lambda: self.inner._get(collection, id))

    def _query(self, query: Query) -> list[Document]:
        return self._call("query", lambda: self.inner._query(query))

    def _count(self, query: Query) -> int:
        return self._call("count", lambda: self.inner._count(query))

    def _commit(self, writes: Sequence[Write], token: str) -> list[str | None]:
        return self._call("commit", lambda: self.inner._commit(writes, token))

    def _now(self) -> datetime:
        return self.inner._now()

    def _call(self, name: str, call: Callable[[], T]) -> T:
        self.calls.append(name)
        fault = self.faults.popleft() if self.faults else None
        if fault == "lost":
            call()
        if fault is not None:
            raise Unavailable(f"{fault}, on command")
        return call()
