"""The document that a param names, as a file on this machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.blobs import BlobNotFound
from common.errors import InvalidInput
from common.files import Place, spool
from common.runtime import Retryable

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["MOST", "Copy", "NotThere", "fetched", "is_web", "text_at"]

MOST = 50_000_000
"""Bytes of a document: on Cloud Run the disk is memory."""
_SECONDS = 300.0
"""To fetch one from the web."""


class NotThere(InvalidInput):
    """Raised when there is no file where a param says that one is."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"There is no file at {uri}: name one that is there.")
        self.uri = uri


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A document that was fetched."""

    file: Path
    name: str
    uri: str
    """Where it came from."""
    sha256: str
    etag: str = ""
    """What this version is called on the web, where its server says so."""


def fetched(source: str, name: str, run: Context, *, etag: str = "") -> Copy:
    """A copy of the document in the run's folder, one at a time. Raises OutOfReach, NotThere,
    TooMuch, and what fetching from the web raises: NotFetched of 304 where it is the `etag`'s."""
    file = run.folder / "document"
    file.unlink(missing_ok=True)
    if is_web(source):
        return _from_web(source, name, file, run, etag)
    return _from_place(source, name, file, run)


def is_web(source: str) -> bool:
    """Whether it is to be fetched from the web; http:// is, too, and is refused there."""
    return source.lower().startswith(("https://", "http://"))


def text_at(source: str, run: Context, *, most: int) -> str:
    """The text of a small file, such as a schema. Raises InvalidInput, OutOfReach, NotThere."""
    place = _place(source, run)
    with place.open() as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise InvalidInput(f"{place.uri} has more than {most:,} bytes, which is the limit for it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{place.uri} is no text in UTF-8.") from None


def _place(source: str, run: Context) -> Place:
    place = run.source(source)
    try:
        place.stat()
    except BlobNotFound:  # of a folder, too
        raise NotThere(place.uri) from None
    return place


def _from_place(source: str, name: str, file: Path, run: Context) -> Copy:
    place = _place(source, run)
    called = name or place.name
    with place.open() as stream:
        spool(stream, file, most=MOST, what=called, check=run.check)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Copy(file=file, name=called, uri=place.uri, sha256=digest)


def _from_web(source: str, name: str, file: Path, run: Context, etag: str) -> Copy:
    from common.fetch import ServerBusy, fetch

    try:
        headers = {"If-None-Match": etag} if etag else {}
        found = fetch(source, file, most=MOST, seconds=_SECONDS, headers=headers, check=run.check)
    except ServerBusy as error:
        raise Retryable(str(error), after=error.after) from error
    called = name or found.name or "document"
    # Without its query, which may hold a signature.
    return Copy(file=file, name=called, uri=found.url, sha256=found.sha256, etag=found.etag)
