"""Doing a few things at once, and ending in time when that is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["Threads"]

T = TypeVar("T")
R = TypeVar("R")

_LOOK = 0.25
"""Seconds between looks whether to end."""


class Threads:
    """Threads for one attempt; with the block they end, and what they have not begun they never
    do. Only where the run has to end they are not waited for: one may hang on a connection."""

    def __init__(
        self, run: Context, count: int, *, idle: Callable[[], None] = lambda: None
    ) -> None:
        """`idle` is called now and then while the threads work, by the one that waits for them."""
        self._run, self._idle = run, idle
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=run.job)

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=not self._run.stopping, cancel_futures=True)

    def map(self, call: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """The outcomes, in order. Raises what the first call to fail raised, or a Stop."""
        futures = deque([self._pool.submit(call, item) for item in items])
        while futures:
            yield self._result(futures.popleft())

    def _result(self, future: Future[R]) -> R:
        while not future.done():
            self._run.check()
            self._idle()
            wait([future], _LOOK)
        return future.result()
