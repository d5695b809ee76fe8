"""What can be asked of extraction-batch, and what comes of it."""

from __future__ import annotations

import warnings
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from common.errors import InvalidInput
from common.runtime import Params
from jobs.extraction_batch.forms import check_form, is_place

__all__ = ["Begun", "ExtractionBatchParams", "Skipped"]

Format = Literal["csv", "xlsx", "json"]

with warnings.catch_warnings():
    # A deprecated method of pydantic's models has the name of one of our fields.
    warnings.filterwarnings("ignore", message='Field name "schema"')

    class ExtractionBatchParams(Params):
        """Many documents, what is to be found in each, and what is made of that."""

        sources: list[str] = Field(
            default=[],
            max_length=10_000,
            description="Documents: paths in the store, gs:// or https:// URLs or, on a laptop, "
            "files.",
        )
        manifest: str = Field(
            default="", description="A list of files, as zip-unpack and imports write it."
        )
        folder: str = Field(default="", description="A folder: all documents below it.")
        schema: str | dict[str, Any] | list[Any] = Field(  # type: ignore[assignment]
            description="What to find: the name of a built-in schema such as invoice, the place "
            "of a .json file, or JSON itself (a list of fields, or a JSON Schema).",
        )
        provider: Literal["auto", "local", "gemini"] = Field(
            default="auto", description="Who finds it, as for extraction."
        )
        destination: str = Field(
            default="", description="Where the tables go; without one, below the table's own run."
        )
        formats: list[Format] = Field(
            default=["csv", "xlsx", "json"],
            min_length=1,
            description="Of the tables: csv, xlsx, json.",
        )
        excel: bool = Field(default=False, description="CSV files begin with a mark for Excel.")
        confidences: bool = Field(
            default=False, description="Tables have columns that say how sure each value is."
        )
        most: int = Field(
            default=10_000, ge=1, le=100_000, description="Documents that are taken at most."
        )
        may_be_empty: bool = Field(
            default=False, description="Whether it is no mistake if no file is a document."
        )
        then_export: dict[str, Any] | None = Field(
            default=None,
            description="Params of a drive-export that gets the tables, such as user and folder.",
        )

        @field_validator("schema")
        @classmethod
        def _check_schema(cls, form: Any) -> Any:
            """What is wrong with a schema is said before anything is accepted."""
            try:
                if not is_place(form):
                    check_form(form)
            except InvalidInput as error:
                said, _, _ = str(error).removeprefix("extraction: schema: ").partition(" (given: ")
                raise PydanticCustomError("schema", "{said}", {"said": said}) from None
            return form

        @model_validator(mode="after")
        def _check(self) -> ExtractionBatchParams:
            if not (self.sources or self.manifest or self.folder):
                raise ValueError("name sources, a manifest or a folder")
            return self


class Skipped(BaseModel):
    """A file that is no document."""

    name: str
    reason: str


class Begun(BaseModel):
    """The result: the batch that is under way. The tables come of its continuation."""

    batch: str
    """Of the extractions; `runjobs show` it, or watch it. Empty where there is no document."""
    documents: int
    skipped: list[Skipped]
    """The first of them."""
    skipped_count: int
