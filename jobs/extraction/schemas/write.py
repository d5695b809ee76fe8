"""A schema's outline, for results: what has to be known of it to lay them out."""

from __future__ import annotations

from typing import Any

from jobs.extraction.schema import Field, Schema

__all__ = ["written"]


def written(schema: Schema) -> dict[str, Any]:
    """Its name and each field's name and kind, as plain data."""
    return {"name": schema.name, "fields": [_field(field) for field in schema.fields]}


def _field(field: Field) -> dict[str, Any]:
    outline: dict[str, Any] = {"name": field.name, "type": field.kind.value}
    if field.required:
        outline["required"] = True
    if field.fields:
        outline["fields"] = [_field(each) for each in field.fields]
    return outline
