"""What is unpacked under runs/ID is an artifact, which artifact-cleanup removes in its time."""

from __future__ import annotations

from common.data.artifacts import ARTIFACTS, artifact_data, artifact_id
from common.runtime import Context
from jobs.zip_unpack.params import Unpacked, ZipUnpack
from jobs.zip_unpack.places import Places

__all__ = ["note_artifact"]


def note_artifact(params: ZipUnpack, run: Context, at: Places, result: Unpacked) -> None:
    """Tell the documents of it; what went to a destination that the user named is the user's."""
    if params.destination:
        return
    whole = run.part.whole
    data = artifact_data(
        tenant=run.tenant,
        run=whole,
        folder=f"runs/{whole}",
        created=run.documents.now(),
        files=result.files,
        bytes=result.bytes,
        manifest="" if params.manifest else at.manifest.path,
    )
    run.documents.update(ARTIFACTS, artifact_id(whole), lambda _: data)
