"""The threads that an attempt works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["THREADS", "Crew"]

THREADS = 4

T = TypeVar("T")
U = TypeVar("U")


class Crew:
    """A few threads; `check` raises where no more is to be done."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="upkeep")

    def ask(self, question: Callable[[], U]) -> Future[U]:
        """Call it meanwhile."""
        return self._pool.submit(question)

    def all(self, function: Callable[[T], U], items: Sequence[T]) -> Iterator[U]:
        """What the function returns for each, in order; what is not begun by then is left."""
        futures = [self._pool.submit(function, item) for item in items]
        try:
            for future in futures:
                yield future.result()
                self._check()
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """Wait for what has begun."""
        self._pool.shutdown(cancel_futures=True)
