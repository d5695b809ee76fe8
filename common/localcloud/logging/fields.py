"""A field of an entry, as a query names it: labels."run.googleapis.com/execution_name"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from common.localcloud.errors import invalid
from common.localcloud.logging.tokens import unquoted
from common.localcloud.rpc import Json

__all__ = ["Path", "found", "leaves", "path"]

Path = tuple[str, ...]
_PART = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^."]+)(?:\.(?=.)|$)')
_TOP = {
    "logName",
    "resource",
    "timestamp",
    "receiveTimestamp",
    "severity",
    "insertId",
    "httpRequest",
    "labels",
    "operation",
    "trace",
    "spanId",
    "traceSampled",
    "sourceLocation",
    "textPayload",
    "jsonPayload",
    "protoPayload",
}


def path(name: str) -> Path:
    """The parts of a field's name. Raises ApiError INVALID_ARGUMENT."""
    parts = [each[0].removesuffix(".") for each in _PART.finditer(name)]
    plain = tuple(unquoted(each) if each.startswith('"') else each for each in parts)
    if not plain or sum(map(len, parts)) + len(parts) - 1 != len(name):
        raise invalid("filter", f"{name!r} is not a field's name.")
    if plain[0] not in _TOP:
        raise invalid("filter", f"entries have no field {plain[0]!r}.")
    return plain


def found(entry: Json, path: Path) -> Any:
    """What an entry has there; None where it has nothing."""
    value: Any = entry
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def leaves(value: object) -> Iterator[object]:
    """All that is in a message, a list or a plain value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value
