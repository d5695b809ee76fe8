"""What is to be done about one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.documents import Delete, Document, Write

__all__ = ["Change", "removal"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Writes that happen together or not at all, and what they count for."""

    writes: tuple[Write, ...]
    """With the versions that were read, so that nothing is done about what has changed since. Those
    of several changes may be in one commit, where each writes documents of its own."""
    counts: Mapping[str, int]
    """What is added to the report's counts, such as {"removed_count": 1}."""
    line: str
    """What a dry run says of it, such as "Remove usage_counters/a1, of 2025-09-30."."""


def removal(document: Document, why: str, *, count: str = "removed_count") -> Change:
    """The change that removes a document; `why` ends the dry run's line."""
    return Change(
        writes=(Delete(document.collection, document.id, document.version),),
        counts={count: 1},
        line=f"Remove {document.collection}/{document.id}, {why}.",
    )
