"""Numbers in sentences."""

from __future__ import annotations

__all__ = ["several"]


def several(number: int, thing: str) -> str:
    """So many of a thing: "1 file", "2,000 files"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
