"""What can be asked of extraction-table, and what comes of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from common.runtime import Params

__all__ = ["ExtractionTableParams", "Failed", "TableFile", "Tables"]


class ExtractionTableParams(Params):
    """A batch of extractions, and which tables to write."""

    batch: str = Field(min_length=1, max_length=200, description="Its id.")
    destination: str = Field(
        default="",
        max_length=4_000,
        description="A folder for the tables; without one, they are below this run.",
    )
    formats: list[Literal["csv", "xlsx", "json"]] = Field(
        default=["csv", "xlsx", "json"], min_length=1, description="csv, xlsx, json."
    )
    excel: bool = Field(
        default=False, description="CSV files begin with a mark by which Excel knows UTF-8."
    )
    confidences: bool = Field(
        default=False, description="Beside each value a column that says how sure it is."
    )


class TableFile(BaseModel):
    """A file that was written."""

    name: str
    uri: str
    size: int
    """Bytes."""
    sha256: str
    content_type: str


class Failed(BaseModel):
    """A document of which there is nothing in the tables."""

    source: str
    state: str
    """failed or cancelled."""
    error: str


class Tables(BaseModel):
    """The result."""

    files: list[TableFile]
    manifest: str
    """Where these files are listed, as drive-export takes it."""
    documents: int
    """In the batch."""
    rows: int
    """Of the documents' table: those that were read."""
    failed: list[Failed]
    """The first of them."""
    failed_count: int
    left_out: list[str] = []
    """What a format had no room for, in sentences."""
