"""What can be asked of drive-import, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from common.google.drive import drive_ids
from common.integrations.results import ImportResult
from common.runtime import Params

__all__ = ["DriveImport", "Imported"]

Short = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
GIB = 1 << 30


class DriveImport(Params):
    """Files of a user's Google Drive, to be kept as blobs."""

    user: str = Field(min_length=1, max_length=320, description="Whose Drive: the tenant's user.")
    files: list[Short] = Field(
        default=[], max_length=1_000, description="Files, by their ids or links."
    )
    folders: list[Short] = Field(
        default=[], max_length=100, description="Folders, by their ids or links; all below them."
    )
    query: str = Field(
        default="",
        max_length=2_000,
        description="A search in Drive's own language, such as: name contains 'invoice'.",
    )
    drive: str = Field(
        default="",
        max_length=2_000,
        description="Where to search: a shared drive, by its id; all; or, without one, what the "
        "user owns, opened or was given.",
    )
    names: list[Short] = Field(
        default=[], max_length=100, description="Only files whose names are like one: *.pdf."
    )
    types: list[Short] = Field(
        default=[],
        max_length=100,
        description="Only files of these MIME types: application/pdf, image/*.",
    )
    destination: str = Field(
        default="",
        max_length=1_000,
        description="Where to keep them; imports in the tenant's home.",
    )
    documents: Literal["docx", "pdf", "odt", "txt", "html", "md"] = Field(
        default="docx", description="As what Google Docs are exported."
    )
    spreadsheets: Literal["xlsx", "pdf", "ods", "csv"] = Field(
        default="xlsx", description="As what Google Sheets are exported; csv is the first sheet."
    )
    presentations: Literal["pdf", "pptx", "odp", "txt"] = Field(
        default="pdf", description="As what Google Slides are exported."
    )
    drawings: Literal["pdf", "png", "svg", "jpg"] = Field(
        default="pdf", description="As what Google Drawings are exported."
    )
    depth: int = Field(default=20, ge=0, le=100, description="Folders below folders.")
    most_files: int = Field(default=10_000, ge=1, le=50_000, description="Files, at most.")
    most_bytes: int = Field(default=50 * GIB, ge=1, description="Bytes to download, at most.")
    most_file_bytes: int = Field(default=5 * GIB, ge=1, description="Bytes of a file, at most.")

    _ids = field_validator("files", "folders")(drive_ids)

    @field_validator("drive")
    @classmethod
    def _drive(cls, text: str) -> str:
        return text if text in {"", "all"} else drive_ids([text])[0]

    @model_validator(mode="after")
    def _something(self) -> DriveImport:
        if not (self.files or self.folders or self.query):
            raise ValueError("name files or folders, or give a query")
        return self


class Imported(ImportResult):
    """The result."""

    complete: bool
    """Whether Drive searched everywhere; false is for a search in all drives that it cut short."""
