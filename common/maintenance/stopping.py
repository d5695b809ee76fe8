"""Runs that are to go: they have to have ended first."""

from __future__ import annotations

from common.documents import Documents
from common.runs import NoSuchRun, Runs

__all__ = ["stop"]


def stop(documents: Documents, id: str) -> bool:
    """Cancel a run; whether it has ended by that: one that is running takes its time."""
    try:
        return Runs(documents).cancel(id).state.ended
    except NoSuchRun:
        return True
