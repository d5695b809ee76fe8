"""A schema as a JSON Schema (draft 2020-12): as much of it as values of a document can have.

What it says beyond that is refused by name, since results would be taken for checked by it. Labels
are said in `x-labels`, a kind that JSON Schema does not know in `x-type`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.schemas import pieces
from jobs.extraction.schemas.errors import refuse
from jobs.extraction.schemas.references import resolved

__all__ = ["translated"]

_SAID = {"$schema", "$id", "$comment", "title", "description", "examples", "default", "deprecated"}
"""What asks for nothing."""
_OBJECT = _SAID | {"type", "properties", "required", "additionalProperties", "$defs", "definitions"}
_ROWS = _SAID | {"type", "items", "x-labels"}
_VALUE = _SAID | {"type", "format", "enum", "x-labels", "x-type"}
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
_TEXTS = {Kind.ID, Kind.PHONE, Kind.ADDRESS}
"""Kinds that `x-type` may make of a string."""


def translated(data: dict[str, Any]) -> Schema:
    """The schema that a JSON Schema says. Raises BadSchema."""
    root = resolved(data, data, "")
    if root.get("type") != "object" or not isinstance(root.get("properties"), dict):
        raise refuse("", 'a JSON Schema must be of type "object" with properties')
    return Schema(
        name=pieces.text(root.get("title", ""), "title")[:60],
        description=pieces.text(root.get("description", ""), "description"),
        fields=_fields(root, data, ""),
    )


def _fields(data: dict[str, Any], root: dict[str, Any], above: str) -> tuple[Field, ...]:
    where = above.rstrip(".")
    _check_keys(data, _OBJECT, where)
    if data.get("additionalProperties") not in (None, True, False):
        raise refuse(where, "additionalProperties with a schema is not supported")
    properties = data.get("properties")
    if not isinstance(properties, dict):
        raise refuse(where, "an object needs properties")
    required = data.get("required", [])
    if not isinstance(required, list) or any(
        not isinstance(each, str) or each not in properties for each in required
    ):
        raise refuse(where, "required must list names of properties")
    return tuple(
        _field(pieces.name(name, where), each, root, above, required=name in required)
        for name, each in properties.items()
    )


def _field(name: str, data: Any, root: dict[str, Any], above: str, *, required: bool) -> Field:
    where = f"{above}{name}"
    data = resolved(data, root, where)
    kind = _kind(data, root, where)
    return Field(
        name=name,
        kind=kind,
        description=_description(data, where),
        labels=pieces.texts(data.get("x-labels", []), where),
        required=required,
        choices=pieces.choices(_enum(data, where), where) if "enum" in data else (),
        fields=_columns(data, root, above, where) if kind is Kind.ROWS else (),
    )


def _description(data: dict[str, Any], where: str) -> str:
    said = [pieces.text(data[key], where) for key in ("title", "description") if data.get(key)]
    return ". ".join(dict.fromkeys(said))


def _kind(data: dict[str, Any], root: dict[str, Any], where: str) -> Kind:
    type = data.get("type", "string" if "enum" in data else None)
    if type == "array":
        _check_keys(data, _ROWS, where)
        return Kind.ROWS
    if type == "object":
        return _money(data, root, where)
    _check_keys(data, _VALUE, where)
    if not isinstance(type, str) or type not in _TYPES:
        known = ", ".join((*_TYPES, "array", "object"))
        raise refuse(where, f"type {str(type)[:60]!r} is not supported: use one of {known}")
    return _text(data, where) if type == "string" else _number(data, _TYPES[type], where)


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


def _money(data: dict[str, Any], root: dict[str, Any], where: str) -> Kind:
    """The one object that is a value: an amount with its currency."""
    properties = data.get("properties")
    if not isinstance(properties, dict) or set(properties) != {"amount", "currency"}:
        raise refuse(
            where,
            "of objects only an amount of money is supported, with the properties amount and "
            f"currency; name what is in it beside the others, such as {where.rpartition('.')[2]}_…",
        )
    _check_keys(data, _OBJECT | {"x-labels"}, where)
    types = [resolved(properties[key], root, where).get("type") for key in ("amount", "currency")]
    if types != ["number", "string"]:
        raise refuse(where, "of money the amount is a number, and the currency a string")
    return Kind.MONEY


def _columns(
    data: dict[str, Any], root: dict[str, Any], above: str, where: str
) -> tuple[Field, ...]:
    if above:
        raise refuse(where, "arrays within arrays are not supported")
    item = resolved(data.get("items"), root, where)
    if item.get("type") != "object":
        raise refuse(where, "the items of an array must be objects")
    if not (found := _fields(item, root, f"{where}.")):
        raise refuse(where, "the items need properties")
    return found


def _enum(data: dict[str, Any], where: str) -> list[Any]:
    values = data["enum"]
    if not isinstance(values, list):
        raise refuse(where, "an enum is a list")
    return [value for value in values if value is not None]


def _check_keys(data: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(data) - known):
        raise refuse(where, f"{unknown[0][:60]!r} is not supported here")
