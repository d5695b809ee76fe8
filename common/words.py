"""Numbers of things in sentences."""

from __future__ import annotations

__all__ = ["several"]


def several(number: int, thing: str, things: str = "") -> str:
    """So many of a thing: "1 file", "2,000 files"; `things` where there is more to it than an s."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
