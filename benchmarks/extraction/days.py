"""Days as the samples' truths write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

__all__ = ["iso"]

FORMATS = (
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%y", "%Y-%m-%d", "%d %b %Y", "%d %b %y",
    "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d,%Y", "%d/%b/%Y", "%Y%m%d", "%d %m %Y",
)  # fmt: skip


def iso(text: str) -> str | None:
    """As findings have it; None where it is written in another way."""
    for form in FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007
    return None
