"""What can be asked of extraction, and what comes of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

from common.runtime import Params
from jobs.extraction.schemas import BadSchema, is_place, read_form

__all__ = ["Extraction", "ExtractionParams"]

with warnings.catch_warnings():
    # A deprecated method of pydantic's models has the name of one of our fields.
    warnings.filterwarnings("ignore", message='Field name "schema"')

    class ExtractionParams(Params):
        """One document, and what is to be found in it."""

        source: str = Field(
            min_length=1,
            max_length=4_000,
            description="The document: a path in the store, a gs:// or https:// URL or, on a "
            "laptop, a file.",
        )
        schema: str | dict[str, Any] | list[Any] = Field(  # type: ignore[assignment]
            description="What to find: the name of a built-in schema such as invoice, the place "
            "of a .json file, or JSON itself (a list of fields, or a JSON Schema).",
        )
        provider: Literal["auto", "local", "gemini"] = Field(
            default="auto",
            description="Who finds it: local on this machine, gemini Google's model. auto: gemini "
            "where it is set up, else local.",
        )
        name: str = Field(
            default="",
            max_length=1_000,
            description="What the document is called, where its place does not tell.",
        )

        @field_validator("schema")
        @classmethod
        def _check_schema(cls, form: Any) -> Any:
            """What is wrong with a schema is said before anything is accepted."""
            try:
                if not is_place(form):
                    read_form(form, _nothing)
            except BadSchema as error:
                raise PydanticCustomError("schema", "{said}", {"said": str(error)}) from None
            return form


class Extraction(BaseModel):
    """The result."""

    source: str
    """Where the document is."""
    name: str
    content_type: str
    """As its bytes say."""
    sha256: str
    """Of its content."""
    size: int
    """Bytes."""
    pages: int
    provider: str
    """Who found it: local, or gemini."""
    model: str | None = None
    """Which one, where a model did."""
    usage: Mapping[str, int] | None = None
    """What that took: `questions`, `input_tokens`, `output_tokens`."""
    values: Mapping[str, Any]
    """By field's name: what was found, as its kind is written in JSON; null for what was not."""
    fields: Mapping[str, Mapping[str, Any]]
    """Of what was found: `value`, `confidence`, `page`, `text`; of rows, `rows` instead of the
    value, with these of each cell."""
    missing: list[str]
    """Fields that were not found."""
    missing_required: list[str]
    """Those of them that the schema requires."""
    warnings: list[str]
    """What could not be read, or not be believed, in sentences."""
    schema_outline: Mapping[str, Any]
    """The schema's name and its fields' names and kinds."""
    whole: str | None = None
    """Where all of this is as a JSON file, if it is too large for a result: then rows are only
    there."""


def _nothing(_: str) -> str:
    raise AssertionError("a place is not read here")
