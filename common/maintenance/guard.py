"""The guard: nothing goes where far more would go than ever went, unless somebody says so.

What is usual is kept for each job: how much went in each of its last runs. A first run has nothing
to compare with, and stops where more than half of all would go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from common.documents import Document, Documents
from common.runtime import Permanent

__all__ = ["HISTORY", "TooMany", "remember", "too_many"]

HISTORY = "maintenance"
_RUNS = 40
"""Whose numbers are kept: more than a month's of a daily job."""
_FEW = 100
"""So many may go at any time."""
_TIMES = 5
"""So many times the most that went lately may go."""


class TooMany(Permanent):
    """Raised when far more than usual would go; nothing has gone yet."""

    def __init__(self, job: str, going: int, what: str, compared: str) -> None:
        super().__init__(
            f"{going:,} {what} would go, {compared}. Look at them by `runjobs run {job} --dry-run`,"
            f" and say `runjobs run {job} --force` if they shall go."
        )
        self.going = going


def too_many(documents: Documents, job: str, *, going: int, of: int, what: str) -> TooMany | None:
    """The error where so many of so many are far more than usual; None where they may go."""
    if going <= _FEW:
        return None
    most = _usual(documents, job, what)
    if most is None:
        compared = f"of {of:,}, and none ever went before"
        return TooMany(job, going, what, compared) if going > of // 2 else None
    compared = f"where at most {most:,} went in any of the last runs"
    return TooMany(job, going, what, compared) if going > _TIMES * most else None


def remember(
    documents: Documents, job: str, *, whole: str, at: datetime, going: Mapping[str, int]
) -> None:
    """Note how much went in a run; the tasks that share one are one run."""

    def change(found: Document | None) -> dict[str, Any]:
        runs = _runs(found)
        same: Mapping[str, int] = next((it["going"] for it in runs if it["whole"] == whole), {})
        most = {what: max(number, same.get(what, 0)) for what, number in going.items()}
        others = [run for run in runs if run["whole"] != whole]
        return {"runs": [*others, {"whole": whole, "at": at, "going": {**same, **most}}][-_RUNS:]}

    documents.update(HISTORY, job, change)


def _usual(documents: Documents, job: str, what: str) -> int | None:
    """The most that went in one of the last runs; None where there was none."""
    runs = _runs(documents.get(HISTORY, job))
    return max((run["going"][what] for run in runs if what in run["going"]), default=None)


def _runs(found: Document | None) -> Sequence[Any]:
    return found.data["runs"] if found else ()
