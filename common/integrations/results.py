"""What an import says of itself at its end, wherever it imports from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from common.integrations.imports import Imported

__all__ = ["SHOWN", "ImportResult", "Skipped", "counted"]

SHOWN = 20
"""Of what was left out, how much a result names."""


class Skipped(BaseModel):
    """A file that was left out, or all of what it was in."""

    name: str
    """As far as it is known."""
    id: str
    """Of what it is, or is in, where it comes from."""
    reason: str


class ImportResult(BaseModel):
    """The result of an import."""

    manifest: str
    """The URI of a list of all files that match, also of those that were there already."""
    destination: str
    """The URI of what they are below."""
    files: int
    new: int
    changed: int
    """Files that were imported before in another version only."""
    unchanged: int
    bytes: int
    """Of all files in the manifest."""
    skipped: list[Skipped]
    """The first of them."""
    skipped_count: int


def counted(there: Sequence[Imported], skipped: Sequence[Skipped]) -> dict[str, Any]:
    """The fields of the result that follow from what is there, and what was left out."""
    states = [each.state for each in there]
    return {
        "files": len(there),
        "new": states.count("new"),
        "changed": states.count("changed"),
        "unchanged": states.count("unchanged"),
        "bytes": sum(each.file.size for each in there),
        "skipped": [*skipped[:SHOWN]],
        "skipped_count": len(skipped),
    }
