"""Times and lengths of time, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["ago", "span"]


def ago(moment: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{max(seconds, 0):.0f} s ago"


def span(length: timedelta | None) -> str:
    """A length of time, to the tenth of a second while that matters."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
