"""Values as documents write them: where they stand in a text, and what they mean."""

from __future__ import annotations

from jobs.extraction.local.values.value import Value

__all__ = ["Value"]
