"""How large data is, found quickly where all of it is of the plainest kind.

Each write asks, and nearly all that is written is so; documents/document.py looks at the rest, and
says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

__all__ = ["quick_size"]

_INT64 = 2**63
_DEPTH = 8
_LONGEST = 1_000
_MOST = 10_000
_keys: set[str] = set()
"""Those of maps that were found to be good, so that each is looked at once."""


def quick_size(data: Mapping[str, Any], depth: int = 1) -> int | None:
    """About how many bytes it takes; None where that, or whether it can be kept, needs a look."""
    size = 0
    for name, value in data.items():
        kind = type(value)
        if kind is str:
            if not value.isascii():
                return None
            size += len(value)
        elif value is None or kind is bool:
            size += 1
        elif (kind is datetime and value.tzinfo is UTC) or (
            kind is int and -_INT64 <= value < _INT64
        ):
            size += 8
        elif (other := _other(value, kind, depth)) is not None:
            size += other
        else:
            return None
        size += len(name)
    return size


def _other(value: Any, kind: type, depth: int) -> int | None:
    if depth > _DEPTH:
        return None
    if kind is dict:
        return quick_size(value, depth + 1) if _has_plain_keys(value) else None
    if kind is list or kind is tuple:
        return _list_size(value, depth)
    if kind is float and value - value == 0:  # not so of NaN and the infinities
        return 8
    return None


def _list_size(items: Any, depth: int) -> int | None:
    size = 0
    for item in items:
        kind = type(item)
        if kind is list or kind is tuple:
            return None
        one = _other(item, kind, depth) if kind is dict else quick_size({"": item}, depth + 1)
        if one is None:
            return None
        size += one
    return size


def _has_plain_keys(data: dict[Any, Any]) -> bool:
    if data.keys() <= _keys:
        return True
    plain = all(map(_is_plain, data))
    if plain and len(_keys) < _MOST:
        _keys.update(data)
    return plain


def _is_plain(key: object) -> bool:
    return type(key) is str and key.isascii() and 0 < len(key) <= _LONGEST and key[:2] != "__"
