"""Where what a run unpacks is kept, and how its stage is called."""

from __future__ import annotations

from dataclasses import dataclass

from common.blobs import Blob, Stage
from common.files import Place
from common.ids import derived_id
from common.runtime import Context
from jobs.zip_unpack.params import ZipUnpack

__all__ = ["Places", "places"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """All that a run reads and writes."""

    source: Place
    destination: Place
    manifest: Place
    summary: Place
    """What came of it, for an attempt or a task that comes when all is done."""

    def stage(self, archive: Blob) -> Stage:
        """Of this version of the archive; it is the same for all attempts and tasks."""
        parts = (self.summary.uri, self.source.uri, archive.etag, self.destination.uri)
        return self.destination.blobs.stage(derived_id("unpack", *parts))

    @property
    def root(self) -> str:
        """What the paths of all members begin with."""
        return f"{self.destination.path}/" if self.destination.path else ""


def places(params: ZipUnpack, run: Context) -> Places:
    """The places that the params name, or the run's own: the same for each of its attempts, and for
    all tasks that share the archive. Raises OutOfReach, BadPath."""
    own = Place(run.blobs, f"runs/{run.part.whole}")
    named = run.destination(params.destination) if params.destination else own.below("files")
    listed = _file(params.manifest, run) if params.manifest else own.below("manifest.jsonl")
    return Places(
        source=run.source(params.source),
        destination=named,
        manifest=listed,
        summary=own.below("unpacked.json"),
    )


def _file(text: str, run: Context) -> Place:
    """Where one file is to be: by its folder, since what is not there yet counts as one itself."""
    folder, slash, name = text.rpartition("/")
    return run.destination(folder + slash).below(name) if folder else run.destination(text)
