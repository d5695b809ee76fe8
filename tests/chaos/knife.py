"""Stops a process, or has it stop itself, before or after its n-th call of the world outside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

__all__ = ["SEAMS", "Knife"]


def SEAMS() -> list[tuple[type | Any, str]]:  # noqa: N802 - a constant, once all is imported
    """Every way out of a process: its stores, the platform, the provider."""
    from common.blobs.files import FileBlobs
    from common.documents.firestore import FirestoreDocuments
    from common.documents.sqlite import SqliteDocuments
    from jobs.video_generation.veo import provider
    from tests.chaos.platform import Platform

    stores = [
        (store, name)
        for store in (SqliteDocuments, FirestoreDocuments)
        for name in ("_get", "_query", "_count", "_commit")
    ]
    return [
        *stores,
        (FileBlobs, "write"),
        *((Platform, name) for name in ("start", "find", "describe")),
        (provider.Api, "create"),
        (provider.Api, "look"),
        (provider, "fetch"),
    ]


class Knife:
    """Calls `act` with the call's name, once, `before` or `after` call number `at`."""

    def __init__(self, at: int, when: str, act: Callable[[str], None]) -> None:
        self.at, self.when, self.act = at, when, act
        self.count = 0
        self.lock = threading.Lock()
        for owner, name in SEAMS():
            setattr(owner, name, self.cut(name, getattr(owner, name)))

    def cut(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*args: Any, **options: Any) -> Any:
            with self.lock:
                self.count += 1
                mine = self.count == self.at
            if mine and self.when == "before":
                self.act(name)
            result = call(*args, **options)
            if mine and self.when == "after":
                if name == "create":
                    result._ended.wait(20)  # the answer is there, and not kept yet
                self.act(name)
            return result

        return cut
