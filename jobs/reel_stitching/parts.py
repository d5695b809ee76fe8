"""Normalised films, kept as blobs of the run's until the reel is done: no attempt makes one again.

A part is known by all that it is made of. Blobs are whole or not there, so a listing of the run's
own is enough to know what attempts before have done; there is nothing to write down beside it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from common.files import Place
from jobs.reel_stitching.sources import Source

if TYPE_CHECKING:
    from pathlib import Path

    from common.blobs import Blob
    from common.runtime import Context

__all__ = ["Parts", "key_of"]

FOLDER = "parts/"


def key_of(*made_of: object) -> str:
    """By which the part made of all this is known."""
    return sha256(repr(made_of).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Parts:
    """The parts of one run, by their keys."""

    def __init__(self, run: Context) -> None:
        self._run = run
        own = run.blobs.list(f"runs/{run.id}/")
        self._there = {_key(blob): blob for blob in own if f"/{FOLDER}" in blob.path}

    def __contains__(self, key: str) -> bool:
        return key in self._there

    def __getitem__(self, key: str) -> Source:
        """A part that is there, like any other clip."""
        blob = self._there[key]
        place = Place(self._run.blobs, blob.path)
        return Source(place=place, size=blob.size, version=f"{blob.uri} {blob.etag}")

    def keep(self, key: str, file: Path) -> None:
        """Keep a finished one, and remove the file."""
        path = self._run.path(f"{FOLDER}{key}.mp4")
        self._there[key] = self._run.blobs.write(path, file, content_type="video/mp4", replace=True)
        file.unlink()

    def remove(self) -> None:
        """The reel is done: none of them is needed any more."""
        self._run.blobs.delete(blob.path for blob in self._there.values())
        self._there.clear()


def _key(blob: Blob) -> str:
    return blob.path.rpartition("/")[2].partition(".")[0]
