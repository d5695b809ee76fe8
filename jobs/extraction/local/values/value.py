"""A value that was read out of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Value"]


@dataclass(frozen=True, slots=True)
class Value:
    """What stands between two places of a text, and what it means."""

    value: Any
    start: int
    end: int
    quality: float = 1.0
    """0 to 1: how surely it is of its kind, and means that."""
    text: str = ""
    """As it stands there."""
