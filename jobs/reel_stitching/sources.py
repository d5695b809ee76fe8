"""The clips that params name, in order: where they are, and what they are known by."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from common.blobs import BlobNotFound
from common.blobs.files import folder_of
from common.errors import InvalidInput
from common.files import Place, TooMuch, read_manifest, spool
from common.media.unfinished import unfinished
from jobs.reel_stitching.params import MOST_CLIPS, ReelParams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from common.blobs import Blob
    from common.runtime import Context

__all__ = ["Copies", "Source", "named", "placed"]

MOST = 8 << 30
"""Bytes of all clips together."""
MOST_ONE = 2 << 30
"""Bytes of one: on Cloud Run the disk is memory."""
ROOM = 256 << 20
"""Bytes of copies that may stay for the next look at them."""
RUN = "run:"
OF_A_RUN = re.compile(r"runs/[^/]+/(\d+)/[^/]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One clip."""

    place: Place
    size: int
    """Bytes."""
    version: str
    """Differs when the content does."""

    @property
    def uri(self) -> str:
        """By which results name it."""
        return self.place.uri

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.place.name

    def open(self) -> BinaryIO:
        """A seekable reader of it."""
        return self.place.open()


def named(params: ReelParams, run: Context) -> list[Source]:
    """The clips. Raises InvalidInput and OutOfReach, which say which one is not there."""
    found = list(_bounded(_named(params, run), run))
    if not found:
        raise InvalidInput(f"There is no video in {params.folder or params.manifest}.")
    total = sum(source.size for source in found)
    if total > MOST:
        raise InvalidInput(f"The clips have {total:,} bytes together; {MOST:,} are the limit.")
    return found


def placed(text: str, run: Context) -> Source:
    """One file that a param names. Raises InvalidInput and OutOfReach."""
    place = run.source(text)
    try:
        return _source(place, place.stat())
    except BlobNotFound:  # of a folder, too
        raise InvalidInput(f"There is no file at {text}: name one that is there.") from None


class Copies:
    """Clips as files of this machine: those that are none are fetched, and soon removed again."""

    def __init__(self, run: Context) -> None:
        self._run = run
        self._there: dict[str, Path] = {}
        self._users: Counter[str] = Counter()

    def path(self, source: Source) -> Path:
        """Where its bytes are, until whoever asked says `drop`. Raises DiskFull."""
        if source.uri.startswith("file://"):
            return Path(folder_of(source.uri))
        if (found := self._there.get(source.version)) is None:
            found = self._there[source.version] = self._fetched(source)
        self._users[source.version] += 1
        return found

    def drop(self, source: Source) -> None:
        """It is not needed for now: remove the copy, unless others need it, or there is room."""
        if source.version not in self._there:
            return
        self._users[source.version] -= 1
        if not self._users[source.version] and self._kept > ROOM:
            self._there.pop(source.version).unlink()

    @property
    def _kept(self) -> int:
        return sum(path.stat().st_size for path in self._there.values())

    def _fetched(self, source: Source) -> Path:
        folder = self._run.folder / "clips"
        folder.mkdir(exist_ok=True)
        copy = folder / f"{len(self._there)}-{sha256(source.version.encode()).hexdigest()[:12]}"
        with unfinished(copy.with_suffix(".part")) as part, source.open() as stream:
            spool(stream, part, most=MOST_ONE, what=source.uri, check=self._run.check)
            part.rename(copy)
        return copy


def _named(params: ReelParams, run: Context) -> Iterator[Source]:
    if params.manifest:
        for file in read_manifest(run.source(params.manifest)):
            if file.content_type.startswith("video/"):
                yield placed(file.uri, run)
    elif params.folder:
        place = run.source(params.folder)
        yield from (_source(Place(place.blobs, one.path), one) for one in _videos(place))
    else:
        for text in params.clips:
            yield _of_run(text, run) if text.startswith(RUN) else placed(text, run)


def _bounded(sources: Iterator[Source], run: Context) -> Iterator[Source]:
    for number, source in enumerate(sources, 1):
        run.check()
        if number > MOST_CLIPS:
            raise InvalidInput(f"There are more than {MOST_CLIPS} clips: join some of them first.")
        if source.size > MOST_ONE:
            raise TooMuch(source.uri, MOST_ONE)
        yield source


def _videos(place: Place) -> Iterator[Blob]:
    return (blob for blob in place.list() if blob.content_type.startswith("video/"))


def _of_run(text: str, run: Context) -> Source:
    """The video that the last attempt of a run has made."""
    place = run.source(f"runs/{text.removeprefix(RUN)}")
    tries = {
        int(match[1]): blob for blob in _videos(place) if (match := OF_A_RUN.fullmatch(blob.path))
    }
    if not tries:
        raise InvalidInput(f"The run {text.removeprefix(RUN)} has made no video.")
    blob = tries[max(tries)]
    return _source(Place(place.blobs, blob.path), blob)


def _source(place: Place, blob: Blob) -> Source:
    return Source(place=place, size=blob.size, version=f"{blob.uri} {blob.etag}")
