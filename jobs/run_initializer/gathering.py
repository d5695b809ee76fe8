"""The files that came in: lists that other runs left, and places, joined into lists for the next.

A list is written once. An attempt that finds it takes it as it is, for what it submits has to be
what the attempt before it did, whatever has come to a folder meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from common.blobs import BlobExists
from common.errors import InvalidInput
from common.files import File, Place, read_manifest, write_manifest

if TYPE_CHECKING:
    from common.blobs import Blob
    from common.runtime import Context

__all__ = ["is_archive", "kept", "of_manifest", "of_place"]

_MOST = 100_000
"""Files of one chain."""
_ARCHIVES = {"application/zip", "application/x-zip", "application/x-zip-compressed"}


def kept(name: str, files: Iterable[File], run: Context) -> tuple[str, list[File]]:
    """The files, each once, and the URI of the list of them that all attempts have."""
    place = Place(run.blobs, f"runs/{run.id}/{name}")
    if place.blobs.stat(place.path) is None:
        with suppress(BlobExists):  # an attempt that is not over yet was quicker
            write_manifest(place, _once(files))
    return place.uri, list(read_manifest(place))


def of_manifest(uri: str, run: Context, *, below: str = "") -> Iterator[File]:
    """The files of a list that another run left, by names that tell what they were in."""
    for file in read_manifest(run.source(uri)):
        run.check()
        yield _named(file, f"{below}/{file.name}") if below else file


def of_place(uri: str, run: Context) -> Iterator[File]:
    """The file there, or all files below."""
    place = run.source(uri)
    found = place.blobs.stat(place.path) if place.path else None
    if found is not None:
        yield _file(found, place.name)
        return
    for blob in place.list():
        run.check()
        yield _file(blob, blob.path.removeprefix(f"{place.path}/"))


def is_archive(file: File) -> bool:
    """Whether it is to be unpacked; a DOCX or an XLSX is a ZIP archive, too, and is not."""
    suffix = PurePosixPath(file.name).suffix.lower()
    kind = file.content_type.partition(";")[0].strip().lower()
    return suffix == ".zip" or (kind in _ARCHIVES and suffix == "")


def _file(blob: Blob, name: str) -> File:
    return File(name=name, uri=blob.uri, size=blob.size, sha256="", content_type=blob.content_type)


def _named(file: File, name: str) -> File:
    return File(
        name=name,
        uri=file.uri,
        size=file.size,
        sha256=file.sha256,
        content_type=file.content_type,
        origin=file.origin,
    )


def _once(files: Iterable[File]) -> Iterable[File]:
    found: dict[str, File] = {}
    for file in files:
        found[file.uri] = file
        if len(found) > _MOST:
            raise InvalidInput(f"There are more than {_MOST:,} files: import fewer at a time.")
    return found.values()
