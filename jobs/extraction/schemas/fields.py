"""A schema as a list of fields: `[{"name": "total", "type": "money", "required": true}, …]`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.schemas import pieces
from jobs.extraction.schemas.errors import refuse

__all__ = ["listed"]

_TOP = {"name", "description", "fields"}
_KEYS = {"name", "type", "description", "labels", "required", "choices", "fields"}
_ALSO = MappingProxyType(
    {
        "string": Kind.TEXT,
        "int": Kind.INTEGER,
        "float": Kind.NUMBER,
        "decimal": Kind.NUMBER,
        "bool": Kind.BOOLEAN,
        "uri": Kind.URL,
        "table": Kind.ROWS,
        "list": Kind.ROWS,
    }
)
"""What others call the kinds."""


def listed(data: Any) -> Schema:
    """The schema of a list of fields, or of an object that has one. Raises BadSchema."""
    if isinstance(data, list):
        return Schema(name="", fields=_fields(data, ""))
    if not isinstance(data, dict):
        raise refuse("", "it must be a list of fields, or an object")
    _check_keys(data, _TOP, "")
    return Schema(
        name=pieces.text(data.get("name", ""), "name")[:60],
        description=pieces.text(data.get("description", ""), "description"),
        fields=_fields(data["fields"], ""),
    )


def _fields(data: Any, above: str) -> tuple[Field, ...]:
    if not isinstance(data, list):
        raise refuse(above.rstrip(".") or "fields", "fields are a list")
    return tuple(_field(each, above, number) for number, each in enumerate(data, start=1))


def _field(data: Any, above: str, number: int) -> Field:
    where = f"{above}field {number}"
    if not isinstance(data, dict):
        raise refuse(where, 'it must be an object such as {"name": "total", "type": "money"}')
    name = pieces.name(data.get("name"), where)
    where = f"{above}{name}"
    _check_keys(data, _KEYS, where)
    kind = _kind(data.get("type", "text"), where)
    return Field(
        name=name,
        kind=kind,
        description=pieces.text(data.get("description", ""), where),
        labels=pieces.texts(data.get("labels", []), where),
        required=pieces.flag(data.get("required", False), where),
        choices=_choices(data, kind, where),
        fields=_columns(data, kind, above, where),
    )


def _kind(value: Any, where: str) -> Kind:
    said = value.lower() if isinstance(value, str) else value
    try:
        return _ALSO[said] if isinstance(said, str) and said in _ALSO else Kind(said)
    except ValueError:
        known = ", ".join(Kind)
        raise refuse(where, f"there is no type {str(value)[:60]!r}: use one of {known}") from None


def _choices(data: dict[str, Any], kind: Kind, where: str) -> tuple[str, ...]:
    if "choices" not in data:
        return ()
    if kind is not Kind.TEXT:
        raise refuse(where, f"choices are for a text, not for {kind}")
    return pieces.choices(data["choices"], where)


def _columns(data: dict[str, Any], kind: Kind, above: str, where: str) -> tuple[Field, ...]:
    if kind is not Kind.ROWS:
        if "fields" in data:
            raise refuse(where, 'only rows have fields: make its type "rows"')
        return ()
    if above:
        raise refuse(where, "rows within rows are not supported")
    if not (found := _fields(data.get("fields", []), f"{where}.")):
        raise refuse(where, "rows need fields")
    return found


def _check_keys(data: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(data) - known):
        raise refuse(where, f"{unknown[0][:60]!r} is not known: use {', '.join(sorted(known))}")
