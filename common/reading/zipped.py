"""Office documents are ZIP archives: what is in them, and whether it may be unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Set as AbstractSet

from common.reading.errors import (
    DamagedDocument,
    EncryptedDocument,
    TooLargeDocument,
)

__all__ = ["checked", "names_in"]

_PARTS = 10_000
_CHUNK = 1 << 20


def names_in(data: bytes, name: str) -> AbstractSet[str]:
    """The names of all parts."""
    return {part.filename for part in _opened(data, name).infolist()}


def checked(data: bytes, name: str, most: int) -> io.BytesIO:
    """The archive as a file, once it is known that all of it unpacks to `most` bytes or less.

    What an archive says of its sizes may be a lie, so each part is unpacked to see, and let go.
    """
    archive = _opened(data, name)
    parts = archive.infolist()
    if len(parts) > _PARTS:
        raise TooLargeDocument(name, f"has {len(parts):,} parts; {_PARTS:,} are the limit.")
    if sum(part.file_size for part in parts) > most:
        raise _bomb(name, most)
    left = most
    for part in parts:
        if part.flag_bits & 1:
            raise EncryptedDocument(name, "asks for a password: save it without one.")
        left -= _real_size(archive, part, name, left)
    return io.BytesIO(data)


def _real_size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, most: int) -> int:
    size = 0
    try:
        with archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise _bomb(name, most)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise DamagedDocument(name, f"is damaged: {part.filename} in it: {error}.") from error
    return size


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        why = f"begins like an XLSX or DOCX, but is damaged or cut off ({error}): get it anew."
        raise DamagedDocument(name, why) from error


def _bomb(name: str, most: int) -> TooLargeDocument:
    why = f"is an archive of more than {most:,} bytes, which is the limit: save it with less in it."
    return TooLargeDocument(name, why)
