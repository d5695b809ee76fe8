"""Numbers and times as Gmail's API writes them: as texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from common.google.errors import BadAnswer

__all__ = ["number", "time"]


def number(said: Mapping[str, Any], name: str) -> int:
    """That of an answer. Raises BadAnswer."""
    value = str(said.get(name, ""))
    if not (value.isascii() and value.isdigit()):
        raise BadAnswer(f"Gmail gave no {name}.")
    return int(value)


def time(said: Mapping[str, Any], name: str) -> datetime:
    """Of milliseconds since 1970. Raises BadAnswer."""
    try:
        return datetime.fromtimestamp(number(said, name) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadAnswer(f"Gmail gave no time as {name}.") from None
