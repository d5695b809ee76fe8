"""The pieces of both ways to write a schema: names, texts, choices."""

from __future__ import annotations

import re
from typing import Any

from jobs.extraction.schemas.errors import refuse

__all__ = ["choices", "flag", "name", "text", "texts"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LONGEST = 2_000
"""Characters of a description."""
_MOST, _LONGEST_EACH = 300, 200
"""Labels or choices of a field, and characters of each."""


def name(value: Any, where: str) -> str:
    """A field's name. Raises BadSchema."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        said = value[:60] if isinstance(value, str) else value
        raise refuse(where, f"{said!r} is no name: use letters, digits and underscores")
    return value


def text(value: Any, where: str) -> str:
    """A description. Raises BadSchema."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise refuse(where, f"it must be a text of at most {_LONGEST:,} characters")
    return _plain(value)


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Labels. Raises BadSchema."""
    if not isinstance(value, list) or len(value) > _MOST:
        raise refuse(where, f"it must be a list of at most {_MOST} texts")
    if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST_EACH for each in value):
        raise refuse(where, f"each must be a text of 1 to {_LONGEST_EACH} characters")
    return tuple(dict.fromkeys(_plain(each).strip() for each in value))


def choices(value: Any, where: str) -> tuple[str, ...]:
    """The values that are allowed. Raises BadSchema."""
    found = texts(value, where)
    if not found:
        raise refuse(where, "there is no choice: name one, or leave it out")
    return found


def flag(value: Any, where: str) -> bool:
    """Yes or no. Raises BadSchema."""
    if not isinstance(value, bool):
        raise refuse(where, "it must be true or false")
    return value


def _plain(value: str) -> str:
    # A lone surrogate is JSON, but no store takes it.
    return value.encode("utf-8", "replace").decode()
