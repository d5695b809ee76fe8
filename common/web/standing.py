"""How the dispatcher itself is: /healthz and /stats."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from common.dispatch.report.limits import limit_data
from common.dispatch.report.queues import QueueData, queue_data, queue_standings
from common.documents import Query
from common.runs import State
from common.web.asked import Answer, Asked

__all__ = ["Health", "Stats", "health", "stats"]

_HOURS = 24


class Health(TypedDict):
    """It answers."""

    status: str


class Stats(TypedDict):
    """Runs by state, queues as they stand, and how limits on providers were felt in a day."""

    runs: dict[str, int]
    queues: list[QueueData]
    limits: list[dict[str, Any]]


def health(asked: Asked) -> Answer:  # noqa: ARG001 - whoever asks
    """It answers. The store is not asked: it may be away, and comes back without us."""
    return Answer(content=Health(status="ok"))


def stats(asked: Asked) -> Answer:
    """How everything stands."""
    client = asked.client
    found: Stats = {
        "runs": {state.value: _count(asked, state) for state in State},
        "queues": [queue_data(each) for each in queue_standings(client)],
        "limits": limit_data(client.documents, hours=_HOURS),
    }
    return Answer(content=found)


def _count(asked: Asked, state: State) -> int:
    return asked.client.documents.count(Query("runs", where=(("state", "==", state.value),)))
