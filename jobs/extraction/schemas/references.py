"""`$ref`, null and combinations of JSON Schemas, taken away so that one plain part is left."""

from __future__ import annotations

from typing import Any

from jobs.extraction.schemas.errors import refuse

__all__ = ["resolved"]

_MOST = 20
"""References one after the other: a circle has more."""
_WAYS = ("anyOf", "oneOf", "allOf")
_NUMBERS = ({"number", "string"}, {"number", "integer"})
"""As pydantic writes Decimal, and int | float."""
_FOLDERS = ("$defs", "definitions")


def resolved(data: Any, root: dict[str, Any], where: str) -> dict[str, Any]:
    """The part itself, without references and without null. Raises BadSchema."""
    for _ in range(_MOST):
        if not isinstance(data, dict):
            raise refuse(where, "it must be an object with a type")
        if "$ref" in data:
            rest = {key: value for key, value in data.items() if key != "$ref"}
            data = {**_target(data["$ref"], root, where), **rest}
        elif any(key in data for key in _WAYS):
            data = _one(data, where)
        else:
            return _without_null(_with_choice(data))
    raise refuse(where, "its references go round in a circle")


def _target(reference: Any, root: dict[str, Any], where: str) -> dict[str, Any]:
    parts = reference.split("/") if isinstance(reference, str) else []
    if len(parts) != 3 or parts[0] != "#" or parts[1] not in _FOLDERS:
        raise refuse(where, f"$ref {str(reference)[:60]!r} is not supported: use #/$defs/NAME")
    found = root.get(parts[1])
    target = found.get(parts[2]) if isinstance(found, dict) else None
    if not isinstance(target, dict):
        raise refuse(where, f"$ref {reference[:60]!r} leads nowhere")
    return target


def _one(data: dict[str, Any], where: str) -> dict[str, Any]:
    """Of "this or null" this."""
    key = next(key for key in _WAYS if key in data)
    ways = data[key]
    others = [way for way in ways if way != {"type": "null"}] if isinstance(ways, list) else []
    types = [way.get("type") for way in others if isinstance(way, dict)]
    if len(others) == 2 and any(number == {*map(str, types)} for number in _NUMBERS):
        others = [others[types.index("number")]]
    if len(others) != 1 or not isinstance(others[0], dict):
        raise refuse(where, f"{key} is supported for one type or null only")
    rest = {name: value for name, value in data.items() if name != key}
    return {**others[0], **rest}


def _with_choice(data: dict[str, Any]) -> dict[str, Any]:
    """The only value that there is as a choice of one."""
    if "const" not in data:
        return data
    rest = {name: value for name, value in data.items() if name != "const"}
    return {**rest, "enum": [data["const"]]}


def _without_null(data: dict[str, Any]) -> dict[str, Any]:
    types = data.get("type")
    if isinstance(types, list):
        others = [type for type in types if type != "null"]
        return {**data, "type": others[0] if len(others) == 1 else others}
    return data
