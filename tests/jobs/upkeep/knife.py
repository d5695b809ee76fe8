"""Kills an attempt at one of its writes: of documents, of its checkpoint, of blobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from tests.jobs.upkeep.shop import COLLECTIONS, Shop

__all__ = ["Killed", "Knife"]

T = TypeVar("T")


class Killed(BaseException):
    """Raised where the process would be gone."""


class Knife:
    """Strikes at the n-th write, before it is done or before its answer comes.

    Nothing that the attempt's other threads begin after that is done.
    """

    def __init__(self, shop: Shop, monkeypatch: Any, *, at: int, before: bool) -> None:
        self.at, self.before, self.count = at, before, 0
        self._lock = threading.Lock()
        commit, delete = shop.documents._commit, shop.blobs.delete
        monkeypatch.setattr(
            shop.documents,
            "_commit",
            lambda writes, token: (
                self._at(lambda: commit(writes, token))
                if any(map(_is_ours, writes))
                else commit(writes, token)
            ),
        )
        monkeypatch.setattr(shop.blobs, "delete", lambda paths: self._at(lambda: delete(paths)))

    @property
    def struck(self) -> bool:
        return self.count >= self.at

    def _at(self, act: Callable[[], T]) -> T:
        with self._lock:
            self.count += 1
            now = self.count
        if now > self.at or (now == self.at and self.before):
            raise Killed
        done = act()
        if now == self.at:
            raise Killed
        return done


def _is_ours(write: Any) -> bool:
    return write.collection in COLLECTIONS or "checkpoint" in getattr(write, "data", ())
