"""Values as the schema has them: what stood in a group of a JSON Schema is in an object again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.extraction.schema import Field, Kind

__all__ = ["shaped"]


def shaped(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there, each under its keys; null for a group of which nothing is."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.name in values:
            *groups, last = field.path or (field.name,)
            inner = found
            for group in groups:
                inner = inner.setdefault(group, {})
            inner[last] = _value(field, values[field.name])
    return {key: _or_none(value) for key, value in found.items()}


def _value(field: Field, value: Any) -> Any:
    if field.kind is not Kind.ROWS or value is None:
        return value
    if field.is_plain:
        (column,) = field.fields
        return [row[column.name] for row in value if column.name in row]
    return [shaped(field.fields, row) for row in value]


def _or_none(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _or_none(each) for key, each in value.items()}
    return inner if any(each is not None for each in inner.values()) else None
