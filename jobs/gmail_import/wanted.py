"""Which files are wanted, by their names and types."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.gmail_import.params import GmailImport

__all__ = ["is_wanted"]


def is_wanted(params: GmailImport, name: str, content_type: str) -> bool:
    """Whether a file is of those that the params ask for; case is all one."""
    return _any_like(name, params.names) and _any_like(content_type, params.types)


def _any_like(text: str, patterns: Iterable[str]) -> bool:
    wanted = [_folded(pattern) for pattern in patterns]
    return not wanted or any(fnmatchcase(_folded(text), pattern) for pattern in wanted)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
