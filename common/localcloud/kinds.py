"""Of what kind a field is, so that what is kept can be read by whoever asks for it.

A message is written as a dict of its fields' kinds, of which others may be there too; a list as one
of the kind that is in it.
"""

from __future__ import annotations

from typing import Any

from common.localcloud.errors import invalid
from common.localcloud.values import whole

__all__ = ["MAP", "MESSAGE", "NUMBER", "TEXT", "TEXTS", "check", "check_text"]

TEXT, TEXTS, MAP, MESSAGE = "text", "a list of texts", "texts by name", "an object"
NUMBER = "a whole number"
_MOST = 2**31


def check(field: str, value: object, kind: Any) -> None:
    """Raise ApiError INVALID_ARGUMENT for a value of another kind; none is of every kind."""
    if value is None:
        return
    if kind == TEXT:
        check_text(field, value)
    elif kind == NUMBER:
        _check_number(field, value)
    elif kind == TEXTS or isinstance(kind, list):
        _check_list(field, value, TEXT if kind == TEXTS else kind[0])
    else:
        _check_object(field, value, kind)


def check_text(field: str, value: object) -> None:
    """Raise ApiError INVALID_ARGUMENT for what is no text, or none that a process can be given."""
    if not isinstance(value, str) or any(it == "\0" or "\ud800" <= it <= "\udfff" for it in value):
        raise invalid(field, f"{value!r:.60} is not {TEXT}.")


def _check_number(field: str, value: object) -> None:
    if not -_MOST <= whole({field: value}, field) < _MOST:
        raise invalid(field, "it is too large.")


def _check_list(field: str, value: object, kind: Any) -> None:
    if not isinstance(value, list) or None in value:
        raise invalid(field, f"{value!r:.60} is not a list of what it should have.")
    for index, each in enumerate(value):
        check(f"{field}[{index}]", each, kind)


def _check_object(field: str, value: object, kind: Any) -> None:
    if not isinstance(value, dict):
        raise invalid(field, f"{value!r:.60} is not an object.")
    if kind == MAP:
        for name, text in value.items():
            check_text(f"{field}.{name}"[:80], text)
    elif kind != MESSAGE:
        for name, of in kind.items():
            check(f"{field}.{name}", value.get(name), of)
