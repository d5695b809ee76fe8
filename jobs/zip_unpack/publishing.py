"""From staged members to files: what is in their way, the files, and the list of them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from common.blobs import BlobExists, Stage
from common.blobs.content_types import guess_content_type
from common.files import File, Place, write_manifest
from jobs.zip_unpack.errors import Incomplete, Taken
from jobs.zip_unpack.levels import Unpacked
from jobs.zip_unpack.places import Places

__all__ = ["publish"]

_BEGUN = "publishing"
"""Note: all was free, or ours, before the first was published."""


def publish(places: Places, stage: Stage, files: Sequence[Unpacked]) -> None:
    """Publish what is staged, and its manifest; an earlier attempt may have begun to. Raises Taken,
    with nothing published that was not before; and Incomplete."""
    wanted = {places.root + one.member.path: one for one in files}
    sizes = {path: one.member.entry.size for path, one in wanted.items()}
    if _BEGUN not in stage.notes():
        for path in _check_free(places, wanted):
            del sizes[path]
        stage.note(_BEGUN, b"")
    published = stage.publish(sizes)
    taken = [path for path in published.taken if not _is_same(places, path, wanted[path])]
    if taken:
        raise Taken(places.destination.blobs.uri(taken[0]), len(taken) - 1)
    _check_there(places, {path: sizes[path] for path in published.absent})
    _write_manifest(places, [_file(places, one) for one in files])


def _check_there(places: Places, wanted: dict[str, int]) -> None:
    """What is staged no more has been published by an earlier attempt, or by another task."""
    if not wanted:
        return
    there = places.destination.list()
    missing = wanted.keys() - {blob.path for blob in there if wanted.get(blob.path) == blob.size}
    if missing:
        raise Incomplete(places.destination.blobs.uri(min(missing)), len(missing) - 1)


def _check_free(places: Places, wanted: dict[str, Unpacked]) -> list[str]:
    """What is there must be what the archive has for it; then it stays, and is ours as well.

    Returns the paths where that is so.
    """
    blobs = places.destination.blobs
    folders = set() if blobs.can_nest else {above for path in wanted for above in _above(path)}
    taken: list[str] = []
    same: list[str] = []
    for blob in places.destination.list():
        if blob.path in wanted:
            is_same = _is_same(places, blob.path, wanted[blob.path])
            (same if is_same else taken).append(blob.path)
        elif blob.path in folders or (not blobs.can_nest and _is_below(blob.path, wanted)):
            taken.append(blob.path)
    if taken:
        raise Taken(blobs.uri(taken[0]), len(taken) - 1)
    return same


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _is_below(path: str, wanted: dict[str, Unpacked]) -> bool:
    return any(above in wanted for above in _above(path))


def _is_same(places: Places, path: str, one: Unpacked) -> bool:
    blobs = places.destination.blobs
    there = blobs.stat(path)
    if there is None or there.size != one.member.entry.size:
        return False
    with blobs.open(path) as stream:
        return _sha256(stream) == one.sha256


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := stream.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def _file(places: Places, one: Unpacked) -> File:
    path = places.root + one.member.path
    origin = {"archive": places.source.uri, "name": one.member.entry.name}
    return File(
        name=one.member.path,
        uri=places.destination.blobs.uri(path),
        size=one.member.entry.size,
        sha256=one.sha256,
        content_type=_content_type(path),
        origin=origin | ({"within": one.within} if one.within else {}),
    )


def _content_type(path: str) -> str:
    """What the store would say: by the ending alone, where that is all that counts."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.partition(".")
    is_plain = stem and dot and "." not in ending and ":" not in name
    return _by_ending(ending) if is_plain else guess_content_type(name)


@functools.lru_cache(1_000)
def _by_ending(ending: str) -> str:
    return guess_content_type(f"_.{ending}")


def _write_manifest(places: Places, files: Sequence[File]) -> None:
    try:
        write_manifest(places.manifest, files)
    except BlobExists:
        if not _lists(places.manifest, files):
            raise Taken(places.manifest.uri, 0) from None


def _lists(manifest: Place, files: Sequence[File]) -> bool:
    """Whether it is the very list: that an earlier attempt wrote, or another task."""
    from common.errors import InvalidInput
    from common.files import read_manifest

    try:
        return [*read_manifest(manifest)] == [*files]
    except InvalidInput:
        return False
