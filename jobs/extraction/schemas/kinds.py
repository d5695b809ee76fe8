"""Which kind of value a part of a JSON Schema asks for, and within which bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from jobs.extraction.bounds import LENGTHS, SIZES
from jobs.extraction.schema import Kind
from jobs.extraction.schemas.errors import refuse

__all__ = ["SAID", "bounds_of", "check_keys", "choices_of", "kind_of"]

SAID = frozenset(
    {"$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated"}
)
"""What asks for nothing."""
_VALUE = SAID | {"type", "format", "enum", "x-labels", "x-type"}
_TYPES = MappingProxyType(
    {
        "string": Kind.TEXT,
        "number": Kind.NUMBER,
        "integer": Kind.INTEGER,
        "boolean": Kind.BOOLEAN,
    }
)
_FORMATS = MappingProxyType(
    {"date": Kind.DATE, "email": Kind.EMAIL, "uri": Kind.URL, "": Kind.TEXT}
)
_TEXTS = frozenset({Kind.ID, Kind.PHONE, Kind.ADDRESS})
"""Kinds that `x-type` may make of a string."""
_BOUNDS: Mapping[str, Iterable[str]] = MappingProxyType(
    {"string": LENGTHS, "number": SIZES, "integer": SIZES}
)


def kind_of(data: dict[str, Any], where: str) -> Kind:
    """The kind of a part that is one value. Raises BadSchema."""
    type = _type(data)
    if not isinstance(type, str) or type not in _TYPES:
        known = ", ".join((*_TYPES, "array", "object"))
        raise refuse(where, f"type {str(type)[:60]!r} is not supported: use one of {known}")
    check_keys(data, _VALUE.union(_BOUNDS.get(type, ())), where)
    return _text(data, where) if type == "string" else _number(data, _TYPES[type], where)


def bounds_of(data: dict[str, Any], where: str) -> tuple[tuple[str, float], ...]:
    """The bounds that values of it have to keep to. Raises BadSchema."""
    found = [(name, data[name]) for name in _BOUNDS.get(str(_type(data)), ()) if name in data]
    for name, bound in found:
        is_number = isinstance(bound, (int, float)) and not isinstance(bound, bool)
        if not is_number or not abs(bound) < math.inf:
            raise refuse(where, f"{name} must be a number")
    return tuple(found)


def choices_of(data: dict[str, Any], where: str) -> list[Any]:
    """The values of an enum, but for null. Raises BadSchema."""
    values = data["enum"]
    if not isinstance(values, list):
        raise refuse(where, "an enum is a list")
    return [value for value in values if value is not None]


def check_keys(data: dict[str, Any], known: Iterable[str], where: str) -> None:
    """Raise BadSchema naming what is not supported."""
    if unknown := sorted({*data} - {*known}):
        raise refuse(where, f"{unknown[0][:60]!r} is not supported here")


def _type(data: dict[str, Any]) -> Any:
    return data.get("type", "string" if "enum" in data else None)


def _text(data: dict[str, Any], where: str) -> Kind:
    format, wanted = data.get("format", ""), data.get("x-type")
    if not isinstance(format, str) or format not in _FORMATS:
        known = ", ".join(filter(None, _FORMATS))
        raise refuse(where, f"format {str(format)[:60]!r} is not supported: use {known}")
    if wanted is None:
        return _FORMATS[format]
    if format or wanted not in _TEXTS:
        raise refuse(where, f"x-type of a string is one of {', '.join(sorted(_TEXTS))}")
    return Kind(wanted)


def _number(data: dict[str, Any], kind: Kind, where: str) -> Kind:
    if "format" in data or "enum" in data:
        raise refuse(where, "format and enum are for strings")
    if (wanted := data.get("x-type")) is None:
        return kind
    if kind is not Kind.NUMBER or wanted != Kind.PERCENT:
        raise refuse(where, 'x-type of a number is "percent"')
    return Kind.PERCENT
