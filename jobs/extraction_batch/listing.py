"""The files that the params name, one after the other, whatever names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.blobs import BlobNotFound
from common.errors import InvalidInput, RunjobsError
from common.files import Place, read_manifest

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.extraction_batch.params import ExtractionBatchParams

__all__ = ["Listed", "listed", "there"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A file that may be a document."""

    source: str
    """What extraction is given."""
    name: str
    """What it is called; empty where its place tells."""
    content_type: str
    """Empty where nobody has said it: then it was named by hand, and is taken as it is."""
    size: int | None = None


def there(source: str, run: Context) -> Place:
    """The place of a file that is there. Raises OutOfReach, and InvalidInput where none is."""
    place = run.source(source)
    try:
        place.stat()
    except BlobNotFound:
        raise InvalidInput(f"There is no file at {place.uri}: name one that is there.") from None
    return place


def listed(params: ExtractionBatchParams, run: Context) -> Iterator[Listed]:
    """All files, in the order of the params, each once. Raises OutOfReach, and InvalidInput
    for what is no manifest."""
    seen: set[str] = set()
    for found in _all(params, run):
        if found.source not in seen:
            seen.add(found.source)
            run.check()
            yield found


def _all(params: ExtractionBatchParams, run: Context) -> Iterator[Listed]:
    for source in params.sources:
        yield Listed(source=_uri(source, run), name="", content_type="")
    if params.manifest:
        for file in read_manifest(there(params.manifest, run)):
            yield Listed(
                source=file.uri,
                name=file.name,
                content_type=file.content_type or "application/octet-stream",
                size=file.size,
            )
    if params.folder:
        yield from _below(params.folder, run)


def _uri(source: str, run: Context) -> str:
    """Where a document is, so that it is the same one however it was named, and wherever those
    run who read it. What no run may read is left to its own run to say."""
    if "://" in source:
        return source
    try:
        return run.source(source).uri
    except RunjobsError:
        return source


def _below(folder: str, run: Context) -> Iterator[Listed]:
    place = run.source(folder)
    for blob in place.list():
        yield Listed(
            source=blob.uri,
            name=blob.path.removeprefix(f"{place.path}/"),
            content_type=blob.content_type,
            size=blob.size,
        )
