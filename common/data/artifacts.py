"""`artifacts`: what runs have left in the blob store for a while, such as an unpacked archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args

from common.blobs.paths import fault
from common.data.fields import Fields
from common.documents import Document
from common.ids import derived_id

__all__ = [
    "ARTIFACTS",
    "KEEP",
    "Artifact",
    "ArtifactState",
    "artifact_data",
    "artifact_id",
    "artifact_of",
]

ARTIFACTS = "artifacts"
KEEP = timedelta(days=30)
"""How long one is kept, unless somebody says otherwise."""

ArtifactState = Literal["kept", "removing", "orphan"]
"""`removing`: artifact-cleanup has it, and its blobs are going or gone. `orphan`: blobs that it has
found, of a run that is not known any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """One of them as it stood when it was read."""

    id: str
    tenant: str
    run: str
    """The run that made it."""
    user: str
    """Empty where it is nobody's in particular."""
    state: ArtifactState
    folder: str
    """What its blobs are below: runs/RUN, or a folder in that; without a slash at the end."""
    manifest: str
    """The path of the list of them; empty where there is none."""
    files: int
    bytes: int
    created: datetime
    expires: datetime
    """When it may be removed."""
    version: str


def artifact_id(run: str) -> str:
    """The same for the same run, however often it is tried."""
    return derived_id("artifact", run)


def artifact_of(document: Document) -> Artifact:
    """What a document of the collection says. Raises Malformed, also for a folder that is not of
    its run."""
    fields = Fields(document)
    run = fields.text("run")
    return Artifact(
        id=document.id,
        tenant=fields.text("tenant", ""),
        run=run,
        user=fields.text("user", ""),
        state=cast("ArtifactState", fields.word("state", *get_args(ArtifactState))),
        folder=_folder(fields, run),
        manifest=_manifest(fields),
        files=fields.number("files", 0),
        bytes=fields.number("bytes", 0),
        created=fields.time("created"),
        expires=fields.time("expires"),
        version=document.version,
    )


def artifact_data(  # noqa: PLR0913 - the fields of an artifact
    *,
    tenant: str,
    run: str,
    folder: str,
    created: datetime,
    files: int,
    bytes: int,
    manifest: str = "",
    user: str = "",
    expires: datetime | None = None,
    state: ArtifactState = "kept",
) -> dict[str, Any]:
    """The document of one that was just made; it expires after KEEP, unless `expires` is given."""
    return {
        "tenant": tenant,
        "run": run,
        "user": user,
        "state": state,
        "folder": folder,
        "manifest": manifest,
        "files": files,
        "bytes": bytes,
        "created": created,
        "expires": expires or created + KEEP,
    }


def _folder(fields: Fields, run: str) -> str:
    folder = fields.text("folder").removesuffix("/")
    if not run.isalnum() or fault(f"{folder}/x") or not f"{folder}/".startswith(f"runs/{run}/"):
        raise fields.malformed("folder", f"below runs/{run}")
    return folder


def _manifest(fields: Fields) -> str:
    manifest = fields.text("manifest", "")
    if manifest and fault(manifest):
        raise fields.malformed("manifest", "the path of a blob")
    return manifest
