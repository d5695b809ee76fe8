"""The sources: which they are, and what is in them, in passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.blobs import BlobNotFound
from common.errors import InvalidInput
from common.files import read_manifest
from common.reading.source import NotThere, fetched, is_web
from jobs.analysis.params import MOST, Source
from jobs.analysis.passages import passages_of

if TYPE_CHECKING:
    from common.reading.document import Document
    from common.runtime import Context
    from jobs.analysis.params import AnalysisParams
    from jobs.analysis.report import Passage

__all__ = ["Gathered", "NothingToRead", "TooManySources", "gather"]

_NAME, _URI = 300, 1_000
"""Characters that are told of each source."""
_FAILED = 2
"""After so many failed attempts a source that cannot be had for now is left out."""


class TooManySources(InvalidInput):
    """Raised when there are more sources than one report is made of."""

    def __init__(self) -> None:
        super().__init__(f"An analysis has {MOST} sources at most: name fewer, or split them.")


class NothingToRead(InvalidInput):
    """Raised when none of the sources could be read."""

    def __init__(self, unread: Sequence[Source], params: AnalysisParams) -> None:
        if not unread:
            places = " and ".join(filter(None, (params.folder, params.manifest)))
            told = f"There are no documents in {places}."
        elif len(unread) == 1:
            told = f"The one source could not be read: {unread[0].why}"
        else:
            first = f"the first one because: {unread[0].why}"
            told = f"None of the {len(unread)} sources could be read, {first}"
        super().__init__(told)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What was read."""

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...]


def gather(params: AnalysisParams, run: Context) -> Gathered:
    """Read all that can be. Raises NothingToRead, TooManySources, and what may pass."""
    named = _named(params, run)
    sources: list[Source] = []
    passages: list[Passage] = []
    warnings: list[str] = []
    known: dict[str, int] = {}
    for number, (place, name) in enumerate(named, 1):
        run.progress(0.6 * (number - 1) / len(named), f"Reading source {number} of {len(named)}")
        source, document = _read(number, place, name, known, run)
        sources.append(source)
        if document is not None:
            warnings += document.warnings
            passages += passages_of(document, number, len(passages))
    if not passages:
        raise NothingToRead([source for source in sources if source.why], params)
    return Gathered(sources=tuple(sources), passages=tuple(passages), warnings=tuple(warnings))


def _named(params: AnalysisParams, run: Context) -> list[tuple[str, str]]:
    """Places with the names that they are known by, if they are, each once."""
    found: dict[str, str] = {}
    for place, name in _places(params, run):
        found.setdefault(place, name)
        if len(found) > MOST:
            raise TooManySources
    return [*found.items()]


def _places(params: AnalysisParams, run: Context) -> Iterator[tuple[str, str]]:
    for place in params.sources:
        yield place, ""
    if params.manifest:
        manifest = run.source(params.manifest)
        try:
            manifest.stat()
        except BlobNotFound:
            raise NotThere(manifest.uri) from None
        for file in read_manifest(manifest):
            yield file.uri, file.name
    if params.folder:
        folder = run.source(params.folder)
        for blob in folder.list():
            yield blob.uri, blob.path.removeprefix(f"{folder.path}/")


def _read(
    number: int, place: str, name: str, known: dict[str, int], run: Context
) -> tuple[Source, Document | None]:
    from common.fetch import FetchError
    from common.reading import NoRecognition, read
    from common.runtime import Retryable

    try:
        copy = fetched(place, name, run)
        if (same := known.setdefault(copy.sha256, number)) != number:
            return _unread(number, place, name, f"It is the same as source {same}."), None
        document = read(copy.file, name=copy.name, check=run.check)
        copy.file.unlink()  # the disk may be memory
    except (FetchError, Retryable) as error:
        if sum(each.outcome == "failed" for each in run.history) < _FAILED:
            raise
        return _unread(number, place, name, error), None
    except (InvalidInput, NoRecognition) as error:
        return _unread(number, place, name, error), None
    if not document.text.strip():
        return _unread(number, place, name, "There is no text in it."), None
    pages = len(document.pages)
    found = Source(number=number, name=copy.name[:_NAME], uri=_cut_off(copy.uri), pages=pages)
    return found, document


def _unread(number: int, place: str, name: str, why: object) -> Source:
    uri = place.partition("?")[0].partition("#")[0] if is_web(place) else place
    called = name or uri.rstrip("/").rpartition("/")[2] or uri
    why = str(why).replace(place, uri)[:_NAME]
    return Source(number=number, name=called[:_NAME], uri=_cut_off(uri), why=why)


def _cut_off(uri: str) -> str:
    uri = " ".join(uri.split())
    return uri if len(uri) <= _URI else f"{uri[:_URI]}…"
