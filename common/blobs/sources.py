"""What a blob is written from, brought to one shape."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeAlias

from common.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Readable", "Source", "SourceReader", "opened"]


class Readable(Protocol):
    """The one method that a stream needs to be written from."""

    def read(self, size: int, /) -> object:
        """Return at most `size` bytes, none at the end."""


Source: TypeAlias = bytes | BinaryIO | Readable | os.PathLike[str]


class SourceReader:
    """Reads `stream` forward from where it is, without asking it to seek or to tell."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._ahead = b""
        self._position = 0

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end, and leave them to be read."""
        self._ahead += self._pull(size - len(self._ahead))
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end."""
        part, self._ahead = self._ahead[:size], self._ahead[size:]
        if len(part) < size:
            part += self._pull(size - len(part))
        self._position += len(part)
        return part

    def tell(self) -> int:
        """Return how many bytes have been read."""
        return self._position

    def _pull(self, size: int) -> bytes:
        # A socket or a pipe may answer short long before its end, and an uploader
        # that took a short answer for the end would publish a truncated blob.
        parts, missing = [], size
        while missing > 0 and (part := self._pull_once(missing)):
            parts.append(part)
            missing -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _pull_once(self, size: int) -> bytes:
        part = self._stream.read(size)
        if not isinstance(part, bytes):
            raise InvalidInput(
                f"{self._stream!r} gave {type(part).__name__}, not bytes: open it in mode 'rb'."
            )
        return part


@contextlib.contextmanager
def opened(source: Source) -> Iterator[SourceReader]:
    """Open `source` for one pass; InvalidInput where it is a file that cannot be read."""
    if isinstance(source, os.PathLike):
        with _open_file(source) as stream:
            yield SourceReader(stream)
    elif isinstance(source, bytes | bytearray | memoryview):
        yield SourceReader(io.BytesIO(source))
    else:
        yield SourceReader(source)


def _open_file(path: os.PathLike[str]) -> BinaryIO:
    try:
        return open(path, "rb", buffering=0)  # noqa: PTH123 - any path-like, closed by `opened`
    except OSError as error:
        raise InvalidInput(
            f"{os.fspath(path)} cannot be read: {error.strerror}. Give the path of a readable file."
        ) from error
