"""The files that params name, each with what is known of it before it is sent."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from common.blobs import Blob, BlobNotFound
from common.errors import InvalidInput
from common.files import Place, read_manifest
from jobs.drive_export.params import DriveExport

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["NoSuchSource", "Source", "TooManyFiles", "sources_of"]

_CHUNK = 1 << 20


class NoSuchSource(InvalidInput):
    """Raised when there is nothing at what a param or a manifest names."""

    def __init__(self, text: str) -> None:
        super().__init__(f"There is no file at {text}, and no folder of files: nothing was sent.")


class TooManyFiles(InvalidInput):
    """Raised when there are more files than a run was allowed to export."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"There are more files than most_files, which is {most:,}: raise it, or name fewer."
        )


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One file to be sent."""

    name: str
    """With the folders that it is in."""
    place: Place
    size: int
    content_type: str
    etag: str
    """Another one when the blob's content is."""
    sha256: str = ""
    """In hexadecimal; empty where it is not known without reading it."""
    is_listed: bool = False
    """Whether that is what a manifest says."""

    @property
    def title(self) -> str:
        """Its name without folders."""
        return self.name.rpartition("/")[2]

    def digest(self, check: Callable[[], None]) -> str:
        """Its SHA-256, if need be by reading it."""
        return self.sha256 or _digest(self.place, check)


def sources_of(params: DriveExport, run: Context) -> list[Source]:
    """All of them, of different names. Raises NoSuchSource, OutOfReach, TooManyFiles."""
    found: dict[str, Source] = {}
    for source in _named(params, run):
        run.check()
        found[_free(source.name, found)] = source
        if len(found) > params.most_files:
            raise TooManyFiles(params.most_files)
    return [dataclasses.replace(source, name=name) for name, source in found.items()]


def _named(params: DriveExport, run: Context) -> Iterator[Source]:
    for text in params.sources:
        yield from _at(run.source(text), text)
    if params.manifest:
        yield from _listed(params.manifest, run)


def _at(place: Place, text: str) -> Iterator[Source]:
    """The file here, or all that are below."""
    blob = place.blobs.stat(place.path) if place.path else None
    if blob is not None:
        yield _source(place.name, place, blob)
        return
    above, is_empty = len(place.path) + 1 if place.path else 0, True
    for each in place.list():
        is_empty = False
        yield _source(each.path[above:], Place(place.blobs, each.path), each)
    if is_empty:
        raise NoSuchSource(text)


def _listed(manifest: str, run: Context) -> Iterator[Source]:
    try:
        for file in read_manifest(run.source(manifest)):
            place = run.source(file.uri)
            source = _source(file.name, place, place.stat())
            kind, digest = file.content_type, file.sha256.lower()
            yield dataclasses.replace(
                source, content_type=kind, sha256=digest, is_listed=bool(digest)
            )
    except BlobNotFound as error:
        raise NoSuchSource(error.uri) from None


def _source(name: str, place: Place, blob: Blob) -> Source:
    type = blob.content_type
    return Source(name=name, place=place, size=blob.size, content_type=type, etag=blob.etag)


def _free(name: str, taken: dict[str, Source]) -> str:
    """The name, or another like it: two files of one name are two files."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}" if stem else f"{name} ({number})"
    return free


def _digest(place: Place, check: Callable[[], None]) -> str:
    found = hashlib.sha256()
    with place.open() as stream:
        while chunk := stream.read(_CHUNK):
            check()
            found.update(chunk)
    return found.hexdigest()
