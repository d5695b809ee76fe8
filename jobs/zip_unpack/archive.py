"""One version of an archive, read in several places at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from common.blobs import Blob
from common.files import Place
from jobs.zip_unpack.errors import Replaced

__all__ = ["Archive", "open_all", "open_archive", "thread_count"]

Reader = BinaryIO
_THREADS_FOR_REQUESTS = 8
"""Where a write is a request, which is mostly waited for."""
_FEWEST, _MOST = 2, 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """An archive, open."""

    name: str
    """What errors call it: its URI, or that and the path within it of one that is in another."""
    key: str
    """Names it among the archives of a run, in notes."""
    readers: tuple[Reader, ...]
    """All of the same version, each for a thread of its own."""


def thread_count(source: Place, destination: Place) -> int:
    """How many threads unpack."""
    if any(place.uri.startswith("gs://") for place in (source, destination)):
        return _THREADS_FOR_REQUESTS
    return max(_FEWEST, min(_MOST, os.cpu_count() or 1))


def open_archive(place: Place, *, readers: int, stack: ExitStack) -> tuple[Archive, Blob]:
    """The archive at a place, with that many readers that `stack` closes. Raises BlobNotFound,
    Replaced."""
    before = place.stat()
    opened = open_all(place.open, readers, stack)
    if place.stat().etag != before.etag:
        raise Replaced(place.uri)
    return Archive(name=place.uri, key="0", readers=opened), before


def open_all(open_one: Callable[[], Reader], count: int, stack: ExitStack) -> tuple[Reader, ...]:
    """So many readers, which `stack` closes."""
    return tuple(stack.enter_context(open_one()) for _ in range(count))
