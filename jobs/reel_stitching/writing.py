"""The reel written straight into the store: its samples go there from where they are."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING

from common.media.kept import Media

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from common.media.mp4.reel import Reel
    from common.runtime import Context

__all__ = ["written"]

BEHIND = 8
"""Pieces, of a MiB at most, that were written and are yet to be hashed."""


def written(  # noqa: PLR0913
    reel: Reel,
    name: str,
    *,
    opened: Callable[[int], Path],
    closed: Callable[[int], None],
    progress: Callable[[float], None],
    run: Context,
) -> Media:
    """The reel as a blob of this attempt. `opened` tells where the file of a source is, and
    `closed` hears that it is not needed any more."""
    with ThreadPoolExecutor(1) as beside, _Stream(reel, opened, closed, beside) as stream:

        def read(size: int) -> bytes:
            progress(stream.done / reel.size)
            return stream.read(size)

        path, body = run.path(name), _Readable(read)
        # There is one already where the poster showed that a clip is to be left out.
        blob = run.blobs.write(path, body, content_type="video/mp4", replace=True)
        digest = stream.sha256()
    return Media(uri=blob.uri, size=blob.size, sha256=digest, content_type="video/mp4")


class _Readable:
    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read


class _Stream:
    """The bytes of a reel, once, from the first to the last."""

    def __init__(
        self,
        reel: Reel,
        opened: Callable[[int], Path],
        closed: Callable[[int], None],
        beside: ThreadPoolExecutor,
    ) -> None:
        self.done = 0
        self._reel, self._opened, self._closed, self._beside = reel, opened, closed, beside
        self._files: dict[int, int] = {}
        self._last = {span.source: number for number, span in enumerate(reel.spans)}
        self._number = -1
        """Of the span that is read; before the first there is the head."""
        self._at = 0
        self._digest = sha256()
        self._hashing: deque[Future[None]] = deque()

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        for source in list(self._files):
            self._close(source)

    def read(self, size: int) -> bytes:
        """The next bytes, `size` at most; none at the end."""
        data = self._next(size)
        self.done += len(data)
        # Beside the writing, and some way behind it: to wait for each would take longer.
        if len(self._hashing) == BEHIND:
            self._hashing.popleft().result()
        self._hashing.append(self._beside.submit(self._digest.update, data))
        return data

    def sha256(self) -> str:
        """Of all that was read."""
        for one in self._hashing:
            one.result()
        return self._digest.hexdigest()

    def _next(self, size: int) -> bytes:
        if self._number < 0:
            data = self._reel.head[self._at : self._at + size]
            self._step(len(data), len(self._reel.head))
            return data
        if self._number == len(self._reel.spans):
            return b""
        span = self._reel.spans[self._number]
        data = os.pread(
            self._file(span.source), min(size, span.length - self._at), span.offset + self._at
        )
        if not data:
            raise EOFError(f"source {span.source} has become shorter while it was read")
        self._step(len(data), span.length)
        return data

    def _step(self, read: int, length: int) -> None:
        self._at += read
        if self._at < length:
            return
        if self._number >= 0:
            source = self._reel.spans[self._number].source
            if self._last[source] == self._number:
                self._close(source)
        self._number, self._at = self._number + 1, 0

    def _file(self, source: int) -> int:
        if source not in self._files:
            self._files[source] = os.open(self._opened(source), os.O_RDONLY | os.O_CLOEXEC)
        return self._files[source]

    def _close(self, source: int) -> None:
        os.close(self._files.pop(source))
        self._closed(source)
