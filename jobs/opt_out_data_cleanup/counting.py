"""How much went, or would go: for the report, and in words."""

from __future__ import annotations

from collections.abc import Mapping

from common.words import several

__all__ = ["counted", "sentence", "told"]


def counted(documents: int, blobs: int) -> dict[str, int]:
    """What one user counts for."""
    return {"users_count": 1, "documents_count": documents, "blobs_count": blobs}


def told(counts: Mapping[str, int]) -> str:
    """Counts in words: `blobs 12, runs 3`."""
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()) if number)


def sentence(counts: Mapping[str, int]) -> str:
    """The report's."""
    found = (
        f"Removed all data of {several(counts['users_count'], 'user')} who opted out: "
        f"{several(counts['documents_count'], 'document')} and "
        f"{several(counts['blobs_count'], 'blob')}"
    )
    if waiting := counts["waiting_count"]:
        found += f"; {several(waiting, 'user waits', 'users wait')}"
    return f"{found}."
