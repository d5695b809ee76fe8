"""Tables put where they belong, each once, whichever attempt gets that far.

They are first written below the run's own place, if absent: an attempt that finds one there takes
it as it is. A destination gets copies of these. What somebody else has there under the name of one
of them stays, and all of ours are named after the batch, so that they are seen to belong together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from common.blobs import BlobExists
from common.files import File, Place, write_manifest
from jobs.extraction_table.params import TableFile

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["publish"]

_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def publish(
    files: Sequence[Path], destination: str, batch: str, run: Context
) -> tuple[list[TableFile], str]:
    """The files where they are now, and the URI of the list of them."""
    own = Place(run.blobs, f"runs/{run.id}/tables")
    kept = [_keep(own.below(file.name), file) for file in files]
    if destination:
        target = run.destination(destination)
        marks = _marks(kept, target, ("", f"-{batch[:12]}", f"-{run.id}"))
        kept = [_copy(own.below(file.name), file, target, marks) for file in kept]
    listed = [_listed(file, batch) for file in kept]
    manifest = own.below("manifest.jsonl")
    try:
        write_manifest(manifest, listed)
    except BlobExists:
        run.log.info("The list of tables is there already.", action="found-there")
    return kept, manifest.uri


def _keep(place: Place, file: Path) -> TableFile:
    kind = _TYPES[file.suffix]
    try:
        place.blobs.write(place.path, file, content_type=kind)
    except BlobExists:  # of an attempt before
        return _found(place, kind)
    with file.open("rb") as stream:
        return _told(place, stream, file.stat().st_size, kind)


def _marks(files: Sequence[TableFile], target: Place, marks: Sequence[str]) -> Sequence[str]:
    """What may be put to the files' names: from the first on with which none of them is taken."""
    for number, mark in enumerate(marks):
        if not any(_is_taken(target.below(_marked(file.name, mark)), file) for file in files):
            return marks[number:]
    return marks


def _is_taken(place: Place, file: TableFile) -> bool:
    is_there = place.blobs.stat(place.path) is not None
    return is_there and _found(place, file.content_type).sha256 != file.sha256


def _marked(name: str, mark: str) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}{mark}.{ending}"


def _copy(own: Place, file: TableFile, target: Place, marks: Sequence[str]) -> TableFile:
    for mark in marks:  # another may take a name meanwhile
        name = _marked(file.name, mark)
        place = target.below(name)
        with own.open() as stream:
            try:
                place.blobs.write(place.path, stream, content_type=file.content_type)
            except BlobExists:
                there = _found(place, file.content_type)
                if there.sha256 != file.sha256:
                    continue
        return file.model_copy(update={"name": name, "uri": place.uri})
    raise BlobExists(target.below(file.name).uri)


def _found(place: Place, kind: str) -> TableFile:
    with place.open() as stream:
        return _told(place, stream, place.stat().size, kind)


def _told(place: Place, stream: BinaryIO, size: int, kind: str) -> TableFile:
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 16):
        digest.update(chunk)
    return TableFile(
        name=place.name, uri=place.uri, size=size, sha256=digest.hexdigest(), content_type=kind
    )


def _listed(file: TableFile, batch: str) -> File:
    return File(
        name=file.name,
        uri=file.uri,
        size=file.size,
        sha256=file.sha256,
        content_type=file.content_type,
        origin={"batch": batch},
    )
