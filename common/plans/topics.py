"""Topics files, kept among the blobs by the hash of what is in them, and gone through in turn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from common.blobs.errors import BlobExists, BlobNotFound
from common.errors import InvalidInput
from common.plans.records import Topics

if TYPE_CHECKING:
    from common.blobs import Blobs

__all__ = ["Lines", "Shelf", "turn"]

Lines = Sequence[str]
"""The params of a run each, as JSON text of what was given."""


class Shelf:
    """The topics that are kept in a blob store."""

    def __init__(self, blobs: Callable[[], Blobs]) -> None:
        self._blobs = blobs
        self._read: dict[str, Lines] = {}

    def keep(self, name: str, given: Sequence[Mapping[str, Any]]) -> Topics:
        """Keep the topics of a plan; the same ones are kept once."""
        lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in given]
        content = "\n".join(lines).encode()
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"plans/{name}/{sha256}.jsonl"
        with suppress(BlobExists):
            self._blobs().write(path, content, content_type="application/jsonl")
        self._read[path] = lines
        return Topics(path=path, sha256=sha256, count=len(lines))

    def load(self, topics: Topics) -> Lines:
        """What was kept. Raises InvalidInput where somebody has removed it."""
        if topics.path not in self._read:
            self._read[topics.path] = self._load(topics.path)
        return self._read[topics.path]

    def goes_on(self, old: Topics, new: Topics) -> bool:
        """Whether these are the same, or the same with more at their end: then one goes on where
        one was."""
        if new.count <= old.count:
            return new.sha256 == old.sha256
        return list(self.load(new)[: old.count]) == list(self.load(old))

    def _load(self, path: str) -> Lines:
        try:
            return self._blobs().read(path).decode().split("\n")
        except BlobNotFound:
            raise InvalidInput(
                f"The topics that were kept at {path} are gone: say --topics again."
            ) from None


def turn(count: int, at: int, *, once: bool) -> Iterator[int]:
    """The places of the topics that come next, of so many, round and round or to the last."""
    yield from range(at, count)
    while not once:
        yield from range(count)
