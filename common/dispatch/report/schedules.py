"""Schedules as JSON objects."""

from __future__ import annotations

from typing import Any

from common.dispatch.report.runs import time
from common.dispatch.schedules import Entry
from common.runs.firing import Verdict

__all__ = ["schedule_data"]


def schedule_data(entry: Entry) -> dict[str, Any]:
    """How one stands: where it fires from, and what became of its moments."""
    place, standing = entry.place, entry.standing
    return {
        "name": entry.job,
        "schedule": place.cron,
        "time_zone": place.zone,
        "state": entry.state,
        "next": time(entry.next),
        "last": time(standing.last),
        "run": standing.run,
        "fired": standing.count(Verdict.FIRE) + standing.count(Verdict.ASKED),
        "skipped": standing.count(Verdict.OVERLAP),
        "missed": standing.count(Verdict.MISSED),
    }
