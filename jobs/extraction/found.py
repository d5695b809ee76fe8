"""What was found in a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Findings", "Found"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A field's value, and why it may be believed."""

    value: Any
    """As its kind is written in JSON; for rows a list of objects without confidences."""
    confidence: float
    """0 to 1: how often such a finding is right."""
    page: int | None = None
    """1 for the first; None where the provider cannot say."""
    text: str = ""
    """What stands there in the document."""
    rows: tuple[Mapping[str, Found], ...] = ()
    """Of rows: each cell's own finding."""


Findings = Mapping[str, Found]
"""By field's name. What could not be found is not in it."""
