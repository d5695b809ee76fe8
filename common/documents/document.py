"""What a document is, and what may be in it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.documents.sizes import quick_size
from common.errors import InvalidInput

__all__ = [
    "MAX_BYTES",
    "Data",
    "Document",
    "as_read",
    "check_data",
    "check_id",
    "check_scalar",
]

Data = Mapping[str, Any]

MAX_BYTES = 1_000_000
"""A little under Firestore's 1 MiB, which also counts names and overhead."""
_MAX_DEPTH = 18  # Firestore allows 20 levels of maps and lists
_INT64 = 2**63
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = re.compile(r"__.*__", re.DOTALL)
_PLAIN = frozenset({str, bool, int, float})
_MAX_ID = 1_500
_MAX_NAMES = 10_000
_names: set[str] = set()
"""Fields' names that were found to be good, so that each is looked at once."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it stood when it was read."""

    collection: str
    id: str
    data: Data
    """Null, booleans, 64-bit integers, finite floats, strings, aware datetimes (to the
    microsecond), and maps and lists of these, no list directly in a list."""
    version: str
    """Opaque; another one after each write, and never one that the document had before."""
    token: str
    """Of the commit that wrote this version."""


def check_id(kind: str, value: str) -> None:
    """Refuse, by InvalidInput, what Firestore would not take as the id of a `kind` of thing."""
    if value.isalnum() and value.isascii() and len(value) <= _MAX_ID:
        return  # as nearly all are
    if not value or len(value.encode(errors="replace")) > _MAX_ID:
        raise InvalidInput(f"{kind} must be 1 to 1,500 bytes long, not {len(value)} characters.")
    reserved = value in {".", ".."} or _RESERVED.fullmatch(value)
    if reserved or not value.isprintable() or "/" in value:
        raise InvalidInput(f"{kind} {value!r} has a name that documents cannot have.")


def check_data(data: Data) -> None:
    """Refuse, by InvalidInput naming the field, what one of the backends could not keep."""
    for name in data.keys() - _names:
        if not _FIELD.fullmatch(name):
            raise InvalidInput(f"{name!r} cannot name a field: use letters, digits and _.")
        if len(_names) < _MAX_NAMES:
            _names.add(name)
    size = quick_size(data)
    if size is None:
        size = sum(len(name) + _size(name, value, 1) for name, value in data.items())
    if size > MAX_BYTES:
        raise InvalidInput(f"A document of {size:,} bytes is over the limit of {MAX_BYTES:,}.")


def check_scalar(name: str, value: object) -> None:
    """Refuse, by InvalidInput naming the field, what is no single value or could not be kept."""
    if isinstance(value, (Mapping, list, tuple)):
        raise InvalidInput(f"Field {name} can be compared with one value, not with several.")
    _size(name, value, 1)


def as_read(data: Data) -> dict[str, Any]:
    """Data, checked already, as it is when it is read again: a copy, of plain types only."""
    return {name: _as_read(value) for name, value in data.items()}


def _as_read(value: Any) -> Any:
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return as_read(value)
    if isinstance(value, (list, tuple)):
        return [_as_read(item) for item in value]
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.time(), UTC)
    if isinstance(value, str):
        return str.__str__(value)  # an enum's own may be its name
    return int(value) if isinstance(value, int) else float(value)


def _size(name: str, value: object, depth: int) -> int:
    """About how many bytes a value takes."""
    if isinstance(value, str):
        return _text(name, value)
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, (int, float)):
        _number(name, value)
        return 8
    if isinstance(value, datetime):
        if value.utcoffset() != UTC.utcoffset(None):
            raise InvalidInput(f"Field {name} holds a datetime that is not in UTC.")
        return 8
    if depth > _MAX_DEPTH:
        raise InvalidInput(f"Field {name} is nested more than {_MAX_DEPTH} deep.")
    return _nested(name, value, depth)


def _nested(name: str, value: object, depth: int) -> int:
    if isinstance(value, Mapping):
        if bad := [key for key in value if not _is_key(key)]:
            raise InvalidInput(f"Field {name} has a key that documents cannot have: {bad[0]!r}.")
        return sum(
            _text(name, key) + _size(f"{name}.{key}", item, depth + 1)
            for key, item in value.items()
        )
    if isinstance(value, (list, tuple)):
        if any(isinstance(item, (list, tuple)) for item in value):
            raise InvalidInput(f"Field {name} has a list directly in a list.")
        return sum(_size(name, item, depth + 1) for item in value)
    raise InvalidInput(f"Field {name} holds a {type(value).__name__}, which no document can.")


def _is_key(key: object) -> bool:
    return isinstance(key, str) and 0 < len(key) <= 1_000 and not _RESERVED.fullmatch(key)


def _text(name: str, value: str) -> int:
    try:
        return len(value) if value.isascii() else len(value.encode())
    except UnicodeEncodeError:
        raise InvalidInput(f"Field {name} holds text with a lone surrogate.") from None


def _number(name: str, value: float) -> None:
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise InvalidInput(f"Field {name} holds a number of more than 64 bits.")
    elif not math.isfinite(value):
        raise InvalidInput(f"Field {name} holds {value}, which is no finite number.")
