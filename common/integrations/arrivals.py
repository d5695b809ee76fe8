"""What a file is announced as, and whether what comes is that."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Protocol

from common.errors import RunjobsError
from common.files import TooMuch

__all__ = ["Checked", "Expected", "Mismatch", "Readable", "safe_name"]

_NAME_BYTES = 200
_EXTENSION_BYTES = 20
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?"<>|\u200b-\u200f\u202a-\u202e\ufeff]+'
)


class Mismatch(RunjobsError):
    """Raised when what came is not what was announced: cut short, or changed meanwhile."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name!r} did not arrive as announced: {why}.")


class Readable(Protocol):
    """What a file's content is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A file that is to come."""

    name: str
    """What it is called where it comes from."""
    content_type: str = "application/octet-stream"
    """MIME type."""
    origin: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Where it comes from, for the manifest: JSON of a few hundred bytes."""
    size: int | None = None
    """Bytes, where that is known."""
    sha256: str | None = None
    """Of its content, in hexadecimal, where that is known."""
    md5: str | None = None
    """Likewise; nobody looks at it where the other is known."""
    most: int | None = None
    """Bytes that it may have."""


class Checked:
    """A stream that is hashed as it is read, and fails at its end if it was not the expected one.

    What is written from it is published at its end, so what fails there never is.
    """

    def __init__(self, stream: Readable, expected: Expected) -> None:
        self.size = 0
        self._stream, self._expected = stream, expected
        self._sha256 = hashlib.sha256()
        with_md5 = expected.md5 and not expected.sha256
        self._md5 = hashlib.md5(usedforsecurity=False) if with_md5 else None

    def read(self, size: int, /) -> bytes:
        """Like the stream's. Raises Mismatch at the end, TooMuch as soon as it is too much."""
        data = self._stream.read(size)
        self.size += len(data)
        if self._expected.most is not None and self.size > self._expected.most:
            raise TooMuch(repr(self._expected.name), self._expected.most)
        self._sha256.update(data)
        if self._md5:
            self._md5.update(data)
        if not data and size:
            self._check()
        return data

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._sha256.hexdigest()

    def _check(self) -> None:
        expected = self._expected
        if expected.size is not None and self.size != expected.size:
            raise Mismatch(expected.name, f"{self.size:,} bytes instead of {expected.size:,}")
        if expected.sha256 and self.sha256 != expected.sha256.lower():
            raise Mismatch(expected.name, "its SHA-256 is another one")
        if self._md5 and self._md5.hexdigest() != (expected.md5 or "").lower():
            raise Mismatch(expected.name, "its MD5 is another one")


def safe_name(name: str) -> str:
    """The name as one part of a blob's path: no separators, control characters, dots alone;
    at most 200 bytes, with its extension."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    tail = dot + extension if stem and len(extension.encode()) <= _EXTENSION_BYTES else ""
    head = plain.removesuffix(tail) if tail else plain
    return (_cut(head, _NAME_BYTES - len(tail.encode())) + tail) or "unnamed"


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
