"""The form of an answer, as a JSON Schema: of each field the value, how sure, and where it stands.

Only what Gemini takes of JSON Schema is used: type, format, enum, description, properties,
required, items, anyOf, minimum, maximum, additionalProperties.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from jobs.extraction.schema import Field, Kind, Schema

__all__ = ["FINDING", "answer_form"]

FINDING = ("value", "confidence", "page", "quote")
"""What is said of each field."""

_MONEY = MappingProxyType(
    {
        "type": "object",
        "properties": {
            "amount": {"type": "number"},
            "currency": {
                "type": ["string", "null"],
                "description": "Three letters of ISO 4217; null where the document does not tell.",
            },
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }
)
_TYPES = MappingProxyType(
    {
        Kind.INTEGER: {"type": "integer"},
        Kind.NUMBER: {"type": "number"},
        Kind.PERCENT: {"type": "number"},
        Kind.MONEY: _MONEY,
        Kind.DATE: {"type": "string", "format": "date"},
        Kind.BOOLEAN: {"type": "boolean"},
    }
)
_HINTS = MappingProxyType(
    {
        Kind.PERCENT: "As a number: 19 for 19 %.",
        Kind.DATE: "As YYYY-MM-DD.",
        Kind.ID: "Exactly as it stands there.",
        Kind.PHONE: "As it stands there.",
        Kind.ADDRESS: "With a line break between its lines.",
        Kind.EMAIL: "An e-mail address.",
        Kind.URL: "The address of a website.",
    }
)


def answer_form(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of an answer; every field is in it, null where nothing was found."""
    return _object({field.name: _finding(field) for field in schema.fields})


def _finding(field: Field) -> dict[str, Any]:
    if field.kind is Kind.ROWS:
        return {
            "type": "array",
            "description": _described(field),
            "items": _about({column.name: _nullable(column) for column in field.fields}),
        }
    found = _about({})
    found["properties"] = {"value": _value(field), **found["properties"]}
    found["required"] = [*FINDING]
    return {**found, "type": ["object", "null"], "description": _described(field)}


def _about(cells: dict[str, Any]) -> dict[str, Any]:
    """What is said of a value; or of a row, beside its cells."""
    parts = {
        "confidence": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "How sure you are.",
        },
        "page": {"type": ["integer", "null"], "description": "Number of the page, from 1."},
        "quote": {"type": "string", "description": "The words of the document, copied exactly."},
    }
    return _object({"cells": _object(cells), **parts} if cells else parts)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _nullable(field: Field) -> dict[str, Any]:
    value, described = _value(field), _described(field)
    if "enum" in value:
        return {"anyOf": [value, {"type": "null"}], "description": described}
    return {**value, "type": [value["type"], "null"], "description": described}


def _value(field: Field) -> dict[str, Any]:
    value = dict(_TYPES.get(field.kind, {"type": "string"}))
    return {**value, "enum": [*field.choices]} if field.choices else value


def _described(field: Field) -> str:
    labels = f"Often labelled: {', '.join(field.labels[:12])}." if field.labels else ""
    return " ".join(filter(None, (field.description, _HINTS.get(field.kind), labels)))
