"""A schema as a JSON Schema (draft 2020-12): as much of it as values of a document can have.

What it says beyond that is refused by name, since results would be taken for checked by it. Labels
are said in `x-labels`, a kind that JSON Schema does not know in `x-type`.

group  an object within the object: its properties are fields, named after both, such as
       `seller_name`; among a result's values they are where the JSON Schema has them
plain  an array of values: rows of one column, named like the array
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jobs.extraction.schema import Field, Kind, Schema
from jobs.extraction.schemas import pieces
from jobs.extraction.schemas.errors import refuse
from jobs.extraction.schemas.kinds import SAID, bounds_of, check_keys, choices_of, kind_of
from jobs.extraction.schemas.references import resolved

__all__ = ["translated"]

_OBJECT = SAID | {"type", "properties", "required", "additionalProperties", "$defs", "definitions"}
_ROWS = SAID | {"type", "items", "x-labels"}
_DEEPEST = 3
"""Groups within groups."""
_MOST = 1_000
"""Parts that are looked at: references make many of a few."""
_LONGEST = 2_000
"""Characters of a description, with those of the groups that it is in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Above:
    """What a part is in."""

    where: str = ""
    """As errors name it, with a dot behind it."""
    path: tuple[str, ...] = ()
    """The names of the groups."""
    about: str = ""
    required: bool = True
    in_rows: bool = False


def translated(data: dict[str, Any]) -> Schema:
    """The schema that a JSON Schema says. Raises BadSchema."""
    root = resolved(data, data, "")
    if root.get("type") != "object" or not isinstance(root.get("properties"), dict):
        raise refuse("", 'a JSON Schema must be of type "object" with properties')
    return Schema(
        name=pieces.text(root.get("title", ""), "title")[:60],
        description=pieces.text(root.get("description", ""), "description"),
        fields=tuple(_Reading(data).fields(root, _Above())),
    )


class _Reading:
    """One JSON Schema's parts."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._seen = 0

    def fields(self, data: dict[str, Any], above: _Above) -> Iterator[Field]:
        """Those of an object."""
        where = above.where.rstrip(".")
        properties, required = _properties(data, where)
        for name, each in properties.items():
            self._seen += 1
            if self._seen > _MOST:
                raise refuse(where, f"with all references there are over {_MOST:,} parts")
            pieces.name(name, where)
            part = resolved(each, self._root, f"{above.where}{name}")
            yield from self._field(name, part, above, required=name in required)

    def _field(
        self, name: str, data: dict[str, Any], above: _Above, *, required: bool
    ) -> Iterator[Field]:
        """The field of a property; of a group those that are in it."""
        where = f"{above.where}{name}"
        inner = _Above(
            where=f"{where}.",
            path=(*above.path, name),
            about=_described(data, above, where),
            required=required and above.required,
            in_rows=above.in_rows,
        )
        if data.get("type") != "object" or self._is_money(data, where):
            yield self._value(data, inner, where)
            return
        if len(inner.path) > _DEEPEST:
            raise refuse(where, f"objects within objects are not supported beyond {_DEEPEST} deep")
        yield from self.fields(data, inner)

    def _value(self, data: dict[str, Any], inner: _Above, where: str) -> Field:
        kind = self._kind(data, where)
        rows = self._columns(data, inner, where) if kind is Kind.ROWS else None
        columns, is_plain = rows or ((), False)
        return Field(
            name=pieces.name("_".join(inner.path), where),
            path=inner.path if len(inner.path) > 1 else (),
            kind=kind,
            description=inner.about,
            labels=pieces.texts(data.get("x-labels", []), where),
            required=inner.required,
            choices=pieces.choices(choices_of(data, where), where) if "enum" in data else (),
            bounds=bounds_of(data, where),
            fields=columns,
            is_plain=is_plain,
        )

    def _kind(self, data: dict[str, Any], where: str) -> Kind:
        if data.get("type") == "object":
            check_keys(data, _OBJECT | {"x-labels"}, where)
            return Kind.MONEY
        if data.get("type") == "array":
            check_keys(data, _ROWS, where)
            return Kind.ROWS
        return kind_of(data, where)

    def _is_money(self, data: dict[str, Any], where: str) -> bool:
        """The one object that is a value: an amount with its currency."""
        properties = data.get("properties")
        if not isinstance(properties, dict) or {*properties} != {"amount", "currency"}:
            return False
        amount, currency = (
            resolved(properties[name], self._root, f"{where}.{name}")
            for name in ("amount", "currency")
        )
        if (amount.get("type"), currency.get("type")) != ("number", "string"):
            raise refuse(where, "of money the amount is a number, and the currency a string")
        return True

    def _columns(
        self, data: dict[str, Any], array: _Above, where: str
    ) -> tuple[tuple[Field, ...], bool]:
        """The fields of each row, and whether a row is nothing but the value of its only one."""
        item = resolved(data.get("items"), self._root, where)
        if array.in_rows or item.get("type") == "array":
            raise refuse(where, "arrays within arrays are not supported")
        row = _Above(where=array.where, in_rows=True)
        if item.get("type") != "object" or self._is_money(item, where):
            return tuple(self._field(array.path[-1], item, row, required=True)), True
        found = tuple(self.fields(item, row))
        if not found:
            raise refuse(where, "the items need properties")
        return found, False


def _properties(data: dict[str, Any], where: str) -> tuple[dict[str, Any], list[str]]:
    """Of an object, and which of them are required. Raises BadSchema."""
    check_keys(data, _OBJECT, where)
    if data.get("additionalProperties") not in (None, True, False):
        raise refuse(where, "additionalProperties with a schema is not supported")
    properties, required = data.get("properties"), data.get("required", [])
    if not isinstance(properties, dict):
        raise refuse(where, "an object needs properties")
    if not isinstance(required, list) or any(
        not isinstance(each, str) or each not in properties for each in required
    ):
        raise refuse(where, "required must list names of properties")
    return properties, required


def _described(data: dict[str, Any], above: _Above, where: str) -> str:
    said = [pieces.text(data[key], where) for key in ("title", "description") if data.get(key)]
    own = ". ".join(dict.fromkeys(said))
    return ": ".join(filter(None, (above.about, own)))[:_LONGEST]
