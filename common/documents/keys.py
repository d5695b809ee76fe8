"""A field's value as SQLite compares it, in a column of its own or made from the JSON.

missing    NULL, which no filter and no order finds
null       minus infinity, which stands before all numbers
number     itself
text       itself, as it is in the JSON
boolean    one byte; like all bytes it stands after all text
time       a `t` and its text, as bytes
list, map  one byte: they can be ordered by a little, but not compared with

So each type has its own stretch of SQLite's one order, and a comparison needs to see nothing but
the key: an index alone can answer it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.documents import json

__all__ = ["Key", "key", "key_of_json", "least", "most"]

Key = str | int | float | bytes | None

_FALSE, _TRUE, _TIME, _OTHER = b"\x00", b"\x01", b"t", b"z"
_NULL = float("-inf")

_NUMBERS = ("> -9e999", "< ''")
_TEXTS = (">= ''", "< x''")
_BOOLEANS = (">= x'00'", "< x'02'")
_TIMES = (">= x'74'", "< x'75'")


def key(value: Any) -> Key:
    """The key of a field that is there."""
    if type(value) is int or value is None:
        return _NULL if value is None else value
    if value is True or value is False:
        return _TRUE if value else _FALSE
    plain = json.scalar(value)
    if isinstance(plain, str):
        return _TIME + plain.encode() if isinstance(value, datetime) else plain
    return plain if isinstance(plain, (int, float)) else _OTHER


def least(kind: type) -> str:
    """The condition on a key that it is not below the stretch of this type of value."""
    return _stretch(kind)[0]


def most(kind: type) -> str:
    """The condition on a key that it is not above the stretch of this type of value."""
    return _stretch(kind)[1]


def key_of_json(field: str) -> str:
    """SQL that makes the key of a field from the document's JSON.

    It is as exact as SQLite's JSON is, which takes a text to end before its first NUL, and may
    take a number of 16 digits or more for its neighbour.
    """
    value = f"json_extract(_data, '$.{field}')"
    time = f"CASE WHEN {value} GLOB '{json.TIME_GLOB}' THEN CAST('t' || {value} AS BLOB)"
    return (
        f"CASE json_type(_data, '$.{field}') WHEN 'null' THEN -9e999 "
        f"WHEN 'false' THEN x'00' WHEN 'true' THEN x'01' WHEN 'text' THEN {time} ELSE {value} END "
        f"WHEN 'array' THEN x'7a' WHEN 'object' THEN x'7a' ELSE {value} END"
    )


def _stretch(kind: type) -> tuple[str, str]:
    if issubclass(kind, bool):
        return _BOOLEANS
    if issubclass(kind, (int, float)):
        return _NUMBERS
    return _TIMES if issubclass(kind, datetime) else _TEXTS
