"""What can be asked of zip-unpack, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from common.runtime import Params

__all__ = ["Skip", "Unpacked", "ZipUnpack"]

_GIB = 1 << 30

Where = Annotated[str, StringConstraints(max_length=2_000)]


class ZipUnpack(Params):
    """One archive, and how much of it is let out."""

    source: Annotated[Where, Field(min_length=1)] = Field(
        description="The archive: a path in the store, a gs:// URI or, on a laptop, a file."
    )
    destination: Where = Field(
        default="", description="Below what its files belong; without it runs/ID/files."
    )
    manifest: Where = Field(
        default="", description="Where the list of them belongs; without it beside the run's files."
    )
    on_bad: Literal["fail", "skip"] = Field(
        default="fail", description="What a bad member does: refuse the archive, or be left out."
    )
    nested: int = Field(
        default=0, ge=0, le=5, description="How deep archives within archives are unpacked too."
    )
    max_files: int = Field(default=100_000, ge=1, le=500_000, description="Members, in all.")
    max_bytes: int = Field(
        default=50 * _GIB, ge=1, le=10_240 * _GIB, description="Bytes unpacked, in all."
    )
    max_member_bytes: int = Field(
        default=50 * _GIB, ge=1, le=5_120 * _GIB, description="Bytes unpacked of one member."
    )
    max_ratio: float = Field(
        default=250,
        ge=1,
        le=2_000_000,
        description="Bytes unpacked for each packed one, of a member beyond 1 MiB and of all.",
    )


class Skip(BaseModel):
    """A member that was left out."""

    name: str
    reason: str


class Unpacked(BaseModel):
    """The result: where the files are, and what was left out."""

    manifest: str
    """URI of the list of the files; empty where this task has left the end of it, and so the list,
    to others that share the archive. Then what follows counts for nothing."""
    destination: str
    """URI of the folder that they are below."""
    files: int
    bytes: int
    skipped: list[Skip] = []
    """The first of those left out, in the archive's order."""
    skipped_count: int = 0
