"""Bringing one file, if it is not there already."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.files import File, TooMuch
from common.google.drive import SHARED, reason
from common.integrations.imports import Expected, Imported, Imports, Mismatch, Readable
from jobs.drive_import.exports import Format, format_of
from jobs.drive_import.found import FIELDS, Found
from jobs.drive_import.look import described
from jobs.drive_import.params import DriveImport

if TYPE_CHECKING:
    from common.google import Account

__all__ = ["Brought", "Fetcher"]

_TRIES = 3
"""Of a file that changes while it is read."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What became of one file: it is there, or left out for a reason, or failed for now."""

    found: Found
    imported: Imported | None = None
    skipped: str | None = None
    failed: RunjobsError | None = None


class Fetcher:
    """Brings files, in several threads."""

    def __init__(
        self,
        account: Account,
        imports: Imports,
        params: DriveImport,
        *,
        sleep: Callable[[float], None],
        moved: Callable[[int], None],
    ) -> None:
        """`moved` is told of bytes as they come."""
        self._account, self._imports, self._params = account, imports, params
        self._sleep, self._moved = sleep, moved
        self._lock = threading.Lock()
        self._left = params.most_bytes

    def __call__(self, found: Found) -> Brought:
        """One file. Raises what concerns all of them, such as NeedsReauth."""
        from common.google import Forbidden, Gone, NotFound, Rejected
        from common.google.errors import Passing

        try:
            return Brought(found=found, imported=self._bring(found))
        except (Forbidden, Gone, NotFound, Rejected) as error:
            return Brought(found=found, skipped=reason(error))
        except (Left, TooMuch, Mismatch) as error:
            return Brought(found=found, skipped=str(error).rstrip("."))
        except Passing as error:
            return Brought(found=found, failed=error)

    def _bring(self, found: Found) -> Imported:
        for _ in range(_TRIES - 1):
            try:
                return self._once(found)
            except Mismatch:
                found = self._again(found)
        return self._once(found)

    def _again(self, found: Found) -> Found:
        """What it is by now, where it was found."""
        said = self._account.get("drive", ["files", found.id], fields=FIELDS, **SHARED)
        now = described(said, within=found.name.rpartition("/")[0])
        if now.trashed:
            raise Left("it is in the trash by now")
        return now

    def _once(self, found: Found) -> Imported:
        format = format_of(found.mime, self._params) if found.is_native else None
        self._check(found, format)
        version = f"{found.modified}.{format.ending}" if format else found.content
        expected = self._expected(found, format, version)
        kept = self._imports.find(found.id, version, expected)
        if kept is None:
            self._reserve(found.size if not format else None)
            kept = self._fetch(found, format, version, expected)
        return dataclasses.replace(kept, file=_named(kept.file, found, expected))

    def _fetch(
        self, found: Found, format: Format | None, version: str, expected: Expected
    ) -> Imported:
        from jobs.drive_import.content import open_content

        kind = format.content_type if format else None
        with open_content(self._account, found, kind, self._sleep) as content:
            counted = _Counted(content, self._moved)
            kept = self._imports.keep(found.id, version, counted, expected)
        if format:
            self._reserve(kept.file.size)
        return kept

    def _check(self, found: Found, format: Format | None) -> None:
        if found.is_native and format is None:
            raise Left(f"Drive exports no {found.mime.rpartition('.')[2]}")
        if not found.can_download:
            raise Left("its owner does not let it be downloaded")
        if not format and (found.size or 0) > self._params.most_file_bytes:
            most = self._params.most_file_bytes
            raise Left(f"it has {found.size:,} bytes, more than most_file_bytes, {most:,}")

    def _reserve(self, size: int | None) -> None:
        """Take so many bytes from what the run may download."""
        with self._lock:
            if self._left < (size or 1):
                raise Left(
                    f"with it there would be more than most_bytes, {self._params.most_bytes:,}"
                )
            self._left -= size or 0

    def _expected(self, found: Found, format: Format | None, version: str) -> Expected:
        origin = {"source": "drive", "id": found.id, "version": version, "modified": found.modified}
        name, most = found.name.rpartition("/")[2], self._params.most_file_bytes
        if format:
            type = format.content_type
            return Expected(name=_ended(name, format), content_type=type, origin=origin, most=most)
        return Expected(
            name=name,
            content_type=found.mime,
            origin=origin,
            size=found.size,
            sha256=found.sha256,
            md5=found.md5,
            most=most,
        )


class _Counted:
    """A stream that tells how much of it was read."""

    def __init__(self, stream: Readable, moved: Callable[[int], None]) -> None:
        self._stream, self._moved = stream, moved

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._moved(len(data))
        return data


class Left(RunjobsError):
    """Raised when a file is left out; its text is the reason."""


def _ended(name: str, format: Format) -> str:
    return name if name.lower().endswith(f".{format.ending}") else f"{name}.{format.ending}"


def _named(file: File, found: Found, expected: Expected) -> File:
    """As it is called now, which may not be how it was when it came."""
    folder = found.name.rpartition("/")[0]
    name = f"{folder}/{expected.name}" if folder else expected.name
    return dataclasses.replace(file, name=name, origin=expected.origin)
