"""How limits on providers are felt."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.dispatch.report.runs import time
from common.documents import Data, Documents, Query

if TYPE_CHECKING:
    from common.limits import Statistics

__all__ = ["LIMITS", "limit_data", "limit_of"]

LIMITS = ("per_second", "burst", "max_concurrent")


def limit_data(documents: Documents, *, hours: int) -> list[dict[str, Any]]:
    """Of each provider that was called, or of which something was set, in the last hours."""
    return [_data(documents, *each, hours=hours) for each in _known(documents, hours)]


def limit_of(documents: Documents, name: str, *, hours: int) -> dict[str, Any]:
    """Of one provider, also where it was not called."""
    from common.limits.board import LIMITERS

    found = documents.get(LIMITERS, name)
    return _data(documents, name, found.data if found else {}, hours=hours)


def _known(documents: Documents, hours: int) -> list[tuple[str, Data]]:
    """Names of limiters, and what all containers know of each."""
    from common.limits.board import LIMITERS
    from common.limits.stats import HOURS

    since = documents.now() - timedelta(hours=hours)
    calls = documents.query(Query(HOURS, where=(("hour", ">=", since),)))
    found: dict[str, Data] = {document.data["name"]: {} for document in calls}
    found |= {board.id: board.data for board in documents.query(Query(LIMITERS))}
    return sorted(found.items())


def _data(documents: Documents, name: str, board: Data, *, hours: int) -> dict[str, Any]:
    from common.limits import statistics

    found = statistics(documents, name, hours=hours)
    return {
        "name": name,
        "set": {limit: board.get(limit) for limit in LIMITS},
        **_state(board, documents.now()),
        **{key: value for key, value in asdict(found).items() if key != "name"},
        **_means(found),
    }


def _state(board: Data, now: datetime) -> dict[str, Any]:
    """The share of its rate that the provider leaves, and until when it wants to be left alone."""
    from common.limits import Policy
    from common.limits.adapt import share
    from common.limits.standing import read_state

    state = read_state(board)
    held = state.not_before if state.not_before and state.not_before > now else None
    return {"share": share(state, now, Policy()), "not_before": time(held)}


def _means(found: Statistics) -> dict[str, float]:
    return {
        "mean_wait": round(found.mean_wait, 3),
        "mean_answer": round(found.mean_answer, 3),
        "efficiency": round(found.efficiency, 4),
    }
