"""From an archive to files: all of it is staged, and then all of it is published.

1. Its directory is read and checked: what can be known to be bad by it is known now.
2. Its members are unpacked to a stage, where nobody sees them. What shows only now, such as a wrong
   checksum, ends it with nothing published. Notes on the stage say what is done, so that an attempt
   after a crash, and tasks that share the archive, go on where others have left.
3. All is published at once, and the manifest written. Where this is cut off, the next one goes on.
"""

from __future__ import annotations

import json
from contextlib import ExitStack

from common.blobs import Stage, StorageFull
from common.errors import InvalidInput
from common.runtime import Cancelled, Context
from common.words import several
from jobs.zip_unpack.archive import open_archive, thread_count
from jobs.zip_unpack.artifact import note_artifact
from jobs.zip_unpack.errors import BadArchive, Incomplete, shown
from jobs.zip_unpack.levels import Total
from jobs.zip_unpack.params import Skip, Unpacked, ZipUnpack
from jobs.zip_unpack.places import Places, places
from jobs.zip_unpack.publishing import publish
from jobs.zip_unpack.share import REFUSED
from jobs.zip_unpack.unpacking import OthersGoOn, Unpacking

__all__ = ["unpack"]

_SHOWN = 20
_TURN, _TURNS = 3.0, 4
"""Seconds for which a task that shares an archive leaves publishing to each of those before it, of
which so many count."""


def unpack(params: ZipUnpack, run: Context) -> Unpacked:
    """Unpack the archive, or say why not."""
    at = places(params, run)
    if ended := _ended(at):
        return ended
    with ExitStack() as stack:
        count = thread_count(at.source, at.destination)
        archive, blob = open_archive(at.source, readers=count, stack=stack)
        stage = at.stage(blob)
        unpacking = Unpacking(params, run, stage, at.root, lambda: _is_over(at))
        try:
            total = unpacking.all(archive, blob.size)
            return _ended_meanwhile(at, run) or _finish(params, at, run, stage, total)
        except OthersGoOn:
            return _ended(at) or _result(at, unpacking.total, manifest="")
        except (InvalidInput, StorageFull, Incomplete, Cancelled) as error:
            _clear(run, stage, error)
            raise


def _clear(run: Context, stage: Stage, error: BaseException) -> None:
    """Remove what nobody goes on with, or what there is no room for; other tasks may go on."""
    if run.part.count == 1 or isinstance(error, InvalidInput | Incomplete):
        stage.remove()
    if run.part.count > 1 and isinstance(error, BadArchive):
        stage.note(REFUSED, json.dumps([error.name, error.clause]).encode())


def _finish(params: ZipUnpack, at: Places, run: Context, stage: Stage, total: Total) -> Unpacked:
    """Publish all that is staged, and say what it was to whoever asks again."""
    run.progress(0.95, f"Publishing {len(total.files):,} files")
    publish(at, stage, total.files)
    result = _result(at, total, manifest=at.manifest.uri)
    note_artifact(params, run, at, result)
    text = result.model_dump_json().encode()
    at.summary.blobs.write(at.summary.path, text, replace=True)
    stage.remove()
    were = several(result.files, "file is", "files are")
    run.log.info(
        f"{were} unpacked to {result.destination}.",
        action="unpacked",
        files=result.files,
        bytes=result.bytes,
        skipped=result.skipped_count,
    )
    return result


def _result(at: Places, total: Total, *, manifest: str) -> Unpacked:
    skipped = [Skip(name=shown(one.name), reason=one.reason) for one in total.skipped[:_SHOWN]]
    return Unpacked(
        manifest=manifest,
        destination=at.destination.uri,
        files=len(total.files),
        bytes=sum([one.member.entry.size for one in total.files]),
        skipped=skipped,
        skipped_count=len(total.skipped),
    )


def _ended_meanwhile(at: Places, run: Context) -> Unpacked | None:
    """Leave publishing to the first of the tasks that is there: all of them could."""
    for _ in range(min(run.part.index, _TURNS)):
        if ended := _ended(at):
            return ended
        run.sleep(_TURN)
    return _ended(at) if run.part.count > 1 else None


def _ended(at: Places) -> Unpacked | None:
    """What an earlier attempt, or another task, has come to already."""
    if not _is_over(at):
        return None
    return Unpacked.model_validate_json(at.summary.read())


def _is_over(at: Places) -> bool:
    return at.summary.blobs.stat(at.summary.path) is not None
