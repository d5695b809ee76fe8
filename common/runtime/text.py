"""Text that every store, terminal and log can take."""

from __future__ import annotations

__all__ = ["LONGEST_WORD", "ONE_LINE", "printable", "said"]

LONGEST_WORD = 200
"""Characters of a name or a key that somebody gives."""
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
"""What such a text is like."""


def printable(text: str, limit: int) -> str:
    """At most so many characters; what UTF-8 cannot write (lone surrogates) is spelled out."""
    return text[:limit].encode("utf-8", "backslashreplace").decode()[:limit]


def said(value: object) -> str:
    """What a value says of itself, even one that fails to."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - it is foreign code
        return f"<{type(value).__name__} that cannot be printed>"
