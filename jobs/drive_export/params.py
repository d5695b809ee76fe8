"""What can be asked of drive-export, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from common.google.drive import drive_ids
from common.runtime import Params

__all__ = ["DriveExport", "Exported", "ExportedFile", "Skipped"]

Short = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class DriveExport(Params):
    """Files to be kept in a user's Google Drive."""

    user: str = Field(min_length=1, max_length=320, description="Whose Drive: the tenant's user.")
    sources: list[Short] = Field(
        default=[], max_length=1_000, description="Files, or folders of them, by path or URI."
    )
    manifest: str = Field(
        default="", max_length=2_000, description="A list of files, as an import makes it."
    )
    folder: str = Field(
        default="root", max_length=2_000, description="The Drive folder, by its id or link."
    )
    again: Literal["version", "new"] = Field(
        default="version",
        description="A file that was exported there before gets a new version, or has a new file "
        "beside it.",
    )
    convert: bool = Field(
        default=False, description="Have Drive make Google Sheets of CSV and XLSX files."
    )
    most_files: int = Field(default=10_000, ge=1, le=50_000, description="Files, at most.")

    @field_validator("folder")
    @classmethod
    def _folder(cls, text: str) -> str:
        return drive_ids([text])[0]

    @model_validator(mode="after")
    def _something(self) -> DriveExport:
        if not (self.sources or self.manifest):
            raise ValueError("name sources, or a manifest")
        return self


class ExportedFile(BaseModel):
    """A file that is in the Drive."""

    name: str
    """As the source has it, with its folders."""
    id: str
    link: str
    """By which a browser opens it."""
    state: Literal["created", "updated", "unchanged"]


class Skipped(BaseModel):
    """A file that Drive did not take."""

    name: str
    reason: str


class Exported(BaseModel):
    """The result."""

    files: list[ExportedFile]
    """The first 500."""
    listing: str
    """The URI of them all, a JSON object a line."""
    folder: str
    created: int
    updated: int
    unchanged: int
    """Files that were there with just this content."""
    bytes: int
    """Of all of them."""
    skipped: list[Skipped]
    """The first of them."""
    skipped_count: int
