"""Gmail's search, as much of it as is asked for here: https://support.google.com/mail/answer/7190

Terms that stand side by side all have to hold; (a OR b) and {a b} are one of several, -a is not.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.services.google.gmail_mailbox import Kept

_TOKEN = re.compile(r'\s*(-?(?:[a-z_]+:)?"[^"]*"|-?[a-z_]*:?[({]|[)}]|[^\s(){}]+)')
_SPANS = {"d": 86_400, "m": 30 * 86_400, "y": 365 * 86_400, "h": 3_600}


def matches(query: str, kept: Kept, labels: dict[str, str]) -> bool:
    tokens = _TOKEN.findall(query)
    return _all(tokens, "", kept, labels)


def _all(tokens: list[str], field: str, kept: Kept, labels: dict[str, str], end: str = "") -> bool:
    """Whether terms up to the closing bracket hold: all of a group of ORs each."""
    groups: list[list[bool]] = []
    joined = False
    while tokens:
        token = tokens.pop(0)
        if token == end:
            break
        if token == "OR":  # noqa: S105 - no password
            joined = True
            continue
        value = _term(token, field, tokens, kept, labels)
        if joined or (end == "}" and groups):
            groups[-1].append(value)
        else:
            groups.append([value])
        joined = False
    return all(map(any, groups))


def _term(token: str, field: str, tokens: list[str], kept: Kept, labels: dict[str, str]) -> bool:
    negative, token = token.startswith("-"), token.removeprefix("-")
    name, colon, value = token.partition(":")
    if not colon:
        name, value = field, token
    if value in {"(", "{"}:
        found = _all(tokens, name if colon else field, kept, labels, {"(": ")", "{": "}"}[value])
    else:
        found = _holds(name, value.strip('"').lower(), kept, labels)
    return found != negative


def _holds(name: str, value: str, kept: Kept, labels: dict[str, str]) -> bool:
    if name in _FIELDS:
        return _FIELDS[name](value, kept, labels)
    if name:
        raise ValueError(f"the stand-in knows no {name}:")
    return value in kept.raw.decode(errors="replace").lower()


def _header(name: str) -> Any:
    return lambda value, kept, _: value in str(kept.parsed.get(name, "")).lower()


def _newer(value: str, kept: Kept, _: Any) -> bool:
    return kept.date / 1000 > time.time() - int(value[:-1]) * _SPANS[value[-1]]


def _after(value: str, kept: Kept, _: Any) -> bool:
    return kept.date / 1000 >= _time(value)


def _labelled(value: str, kept: Kept, labels: dict[str, str]) -> bool:
    names = {labels.get(label, label).lower() for label in kept.labels}
    return value == "anywhere" or value in names or value.replace("-", " ") in names


def _file(value: str, kept: Kept, _: Any) -> bool:
    return any(fnmatchcase(each, f"*{value}*") for each in _names(kept.parsed))


_FIELDS: dict[str, Any] = {
    **{name: _header(name) for name in ("from", "to", "subject")},
    "rfc822msgid": _header("message-id"),
    "newer_than": _newer,
    "older_than": lambda *given: not _newer(*given),
    "after": _after,
    "before": lambda *given: not _after(*given),
    "label": _labelled,
    "in": _labelled,
    "has": lambda _, kept, __: bool(_names(kept.parsed)),
    "filename": _file,
}


def _names(message: Any) -> list[str]:
    return [(part.get_filename() or "").lower() for part in message.walk() if part.get_filename()]


def _time(value: str) -> float:
    if value.isdigit():
        return float(value)
    year, month, day = map(int, re.split("[/-]", value))
    return datetime(year, month, day, tzinfo=UTC).timestamp()
