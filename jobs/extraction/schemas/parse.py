"""From JSON to a schema, whichever of the two ways it is written in, with all limits checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jobs.extraction.schema import Field, Schema
from jobs.extraction.schemas.errors import BadSchema, refuse
from jobs.extraction.schemas.fields import listed
from jobs.extraction.schemas.json_schema import translated

__all__ = ["MOST_BYTES", "MOST_FIELDS", "parse", "parse_text"]

MOST_FIELDS = 200
"""Fields, those of rows included."""
MOST_BYTES = 200_000
"""Of its JSON text: with the other params it stays below the limit of these."""


def parse_text(text: str) -> Schema:
    """The schema that JSON text says. Raises BadSchema."""
    if len(text) > MOST_BYTES:
        raise BadSchema(f"The schema is over {MOST_BYTES:,} characters: leave something out.")
    try:
        return parse(json.loads(text))
    except RecursionError:
        raise BadSchema("The schema is nested too deep.") from None
    except ValueError as error:
        raise BadSchema(f"The schema is no JSON: {error}.") from None


def parse(data: Any) -> Schema:
    """The schema that plain data says. Raises BadSchema, which names what is wrong in it."""
    is_json_schema = isinstance(data, dict) and "fields" not in data
    schema = translated(data) if is_json_schema else listed(data)
    names = list(_names(schema.fields, ""))
    if not names:
        raise refuse("", "it asks for nothing: name a field")
    if len(names) > MOST_FIELDS:
        raise refuse("", f"{len(names):,} fields are over the limit of {MOST_FIELDS}")
    return schema


def _names(fields: tuple[Field, ...], above: str) -> Iterator[str]:
    seen: set[str] = set()
    for field in fields:
        if field.name.casefold() in seen:  # columns of a table may not differ by case alone
            raise refuse(f"{above}{field.name}", "the name is there twice")
        seen.add(field.name.casefold())
        yield field.name
        yield from _names(field.fields, f"{above}{field.name}.")
