"""Documents as JSON text, with datetimes that read and sort as text and come back as datetimes.

A datetime is written as `2026-11-22T16:53:00.000000Z`. A string that has just that form, after any
backslashes, gets one backslash more, so that each string comes back as the string that it was.
Among other strings it sorts as if it began with that.

Every write and read goes through here, so what is flat and plain, as most fields are, is passed
over without a call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from common.documents.document import Data

__all__ = ["TIME_GLOB", "decode", "encode", "merge", "scalar"]

_LENGTH = len("2026-11-22T16:53:00.000000Z")
_TIME = re.compile(r"(\\*)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
TIME_GLOB = "0000-00-00T00:00:00.000000Z".replace("0", "[0-9]")
"""What SQLite's GLOB tells datetimes from text by."""
_SAME = frozenset({int, float, bool, type(None)})
"""Types that JSON keeps as they are."""
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_loads = json.JSONDecoder().raw_decode


def encode(data: Data) -> str:
    """A document's data as compact JSON."""
    return _dumps(_fields(data))


def decode(text: str) -> Data:
    """What `encode` made the text of."""
    data, _ = _loads(text)
    return _enrich(data)


def merge(text: str, data: Data, drop: Iterable[str] = ()) -> str:
    """The encoded document with these top-level fields set and those dropped."""
    found, _ = _loads(text)
    for name in drop:
        found.pop(name, None)
    return _dumps(found | _fields(data))


def scalar(value: object) -> object:
    """A value as it is in the JSON."""
    if type(value) is str and (len(value) < _LENGTH or value[-1] != "Z"):
        return value
    return _plain(value)


def _fields(data: Data) -> dict[str, Any]:
    plain = dict(data)
    for name, value in data.items():
        kind = type(value)
        if kind is str:
            if len(value) >= _LENGTH and value[-1] == "Z":
                plain[name] = _plain(value)
        elif kind is datetime:
            plain[name] = _time(value)
        elif kind not in _SAME:
            plain[name] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return "\\" + value if _looks_like_time(value) else value
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


@lru_cache(1_000)
def _time(value: datetime) -> str:
    """One moment is often written several times: in several fields, and as an index's key."""
    return value.astimezone(UTC).isoformat("T", "microseconds")[: _LENGTH - 1] + "Z"


def _enrich(data: dict[str, Any]) -> dict[str, Any]:
    """Put in place what the JSON only stands for."""
    for name, value in data.items():
        kind = type(value)
        if kind is str:
            if len(value) >= _LENGTH and value[-1] == "Z":
                data[name] = _rich(value)
        elif kind not in _SAME:
            data[name] = _rich(value)
    return data


def _rich(value: Any) -> Any:
    if isinstance(value, str):
        return _text_or_time(value) if _looks_like_time(value) else value
    if isinstance(value, dict):
        return _enrich(value)
    if isinstance(value, list):
        return [_rich(item) for item in value]
    return value


def _looks_like_time(value: str) -> bool:
    return len(value) >= _LENGTH and value[-1] == "Z" and bool(_TIME.fullmatch(value))


def _text_or_time(value: str) -> str | datetime:
    return value[1:] if value[0] == "\\" else datetime.fromisoformat(value)
