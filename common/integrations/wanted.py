"""Which files of many are wanted, by their names and types."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase

__all__ = ["is_wanted"]


def is_wanted(name: str, content_type: str, *, names: Iterable[str], types: Iterable[str]) -> bool:
    """Whether a file is like one of the names and of one of the types; all are where none is given.

    Case is all one, and so is how an accent is written.
    """
    return _any_like(name, names) and _any_like(content_type, types)


def _any_like(text: str, patterns: Iterable[str]) -> bool:
    wanted = [_folded(pattern) for pattern in patterns]
    return not wanted or any(fnmatchcase(_folded(text), pattern) for pattern in wanted)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
