"""Lists of files as blobs: JSON lines, read and written one at a time, however many there are."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from common.blobs import Blob
from common.errors import InvalidInput
from common.files.place import Place

__all__ = ["File", "read_manifest", "write_manifest"]

_LONGEST = 64_000
"""Bytes of a line: a name, a URI and where the file came from."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """One file: what it is called, where it is and what is in it."""

    name: str
    """What it was called where it came from, such as `2026/invoice.pdf`."""
    uri: str
    """Where it is now."""
    size: int
    """Bytes."""
    sha256: str
    """Of its content, in hexadecimal."""
    content_type: str
    """MIME type."""
    origin: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Where it came from: an archive, or a Drive file and its version, or a message."""


_ENCODER = json.JSONEncoder(ensure_ascii=False)
_NAMES = tuple(field.name for field in dataclasses.fields(File))
_TEXTS = ("name", "uri", "sha256", "content_type")


def write_manifest(place: Place, files: Iterable[File], *, replace: bool = False) -> Blob:
    """Write the list to `place`, whole or not at all. Raises BlobExists, unless `replace`."""
    lines = [_line(file) for file in files]
    source = io.BytesIO("".join(lines).encode())
    return place.blobs.write(place.path, source, content_type="application/jsonl", replace=replace)


def read_manifest(place: Place) -> Iterator[File]:
    """The files of a list. Raises InvalidInput for what is none, naming the line."""
    with place.open() as stream:
        number = 0
        while line := stream.readline(_LONGEST):
            number += 1
            yield _file(line, f"{place.uri}, line {number}")


def _line(file: File) -> str:
    # Field by field: dataclasses.asdict copies all that is in them, at ten times the cost.
    return _ENCODER.encode({name: getattr(file, name) for name in _NAMES}) + "\n"


def _file(line: bytes, where: str) -> File:
    try:
        data = json.loads(line)
        if b"\\u" in line:
            _ENCODER.encode(data).encode()  # half of a character could be written nowhere
        return _checked(File(**data))
    except (ValueError, TypeError, RecursionError):
        raise InvalidInput(f"{where}: this is no file of a manifest.") from None


def _checked(file: File) -> File:
    """Of the types that it says, which whoever has written the list may not have kept to."""
    if type(file.size) is not int or not isinstance(file.origin, dict):
        raise TypeError
    if not all(type(getattr(file, name)) is str for name in _TEXTS):
        raise TypeError
    return file
