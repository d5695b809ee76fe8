"""Documents as JSON text, with datetimes that read and sort as text and come back as datetimes.

A datetime is written as `2026-11-22T16:53:00.000000Z`. A string that has just that form, after any
backslashes, gets one backslash more, so that each string comes back as the string that it was.
Among other strings it sorts as if it began with that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from common.documents.document import Data

__all__ = ["TIME_GLOB", "decode", "encode", "merge", "scalar"]

_LENGTH = len("2026-11-22T16:53:00.000000Z")
_TIME = re.compile(r"(\\*)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
TIME_GLOB = "0000-00-00T00:00:00.000000Z".replace("0", "[0-9]")
"""What SQLite's GLOB tells datetimes from text by."""
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def encode(data: Data) -> str:
    """A document's data as compact JSON."""
    return _dumps(_plain(data))


def decode(text: str) -> Data:
    """What `encode` made the text of."""
    data: dict[str, Any] = json.loads(text)
    return {name: _rich(value) for name, value in data.items()}


def merge(text: str, data: Data) -> str:
    """The encoded document with these top-level fields set."""
    return _dumps(json.loads(text) | _plain(data))


def scalar(value: object) -> object:
    """A value as it is compared with what is in the JSON."""
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return "\\" + value if _looks_like_time(value) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(_LENGTH, "0")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, str):
        return _text_or_time(value) if _looks_like_time(value) else value
    if isinstance(value, dict):
        return {key: _rich(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rich(item) for item in value]
    return value


def _looks_like_time(value: str) -> bool:
    return len(value) >= _LENGTH and value[-1] == "Z" and bool(_TIME.fullmatch(value))


def _text_or_time(value: str) -> str | datetime:
    return value[1:] if value[0] == "\\" else datetime.fromisoformat(value)
