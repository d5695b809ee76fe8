"""What is to be done about one user whose period is over.

The period that the user is in now is what counts: however many were missed, one step leads there,
and no counters are made for those between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from common.data.usage import USAGE_COUNTERS, counter_data, counter_id
from common.data.users import USERS, User, user_of
from common.documents import Create, Document, Documents, Update, Write
from common.maintenance import Change
from common.runtime.log import Log
from jobs.free_user_period_reset.periods import Period, period_at
from jobs.free_user_period_reset.zones import zone_of

__all__ = ["Reset"]

_REMEMBERED = 10_000
_SHORTEST = timedelta(days=27)
"""Of all periods, less an hour or a day that clocks skip."""


class Reset:
    """The step from a user's document to what is written; several threads may take it."""

    def __init__(
        self, documents: Documents, *, as_of: datetime, metrics: Sequence[str], log: Log
    ) -> None:
        self.unknown_zones: set[str] = set()
        self._documents, self._as_of, self._metrics, self._log = documents, as_of, metrics, log
        self._seen: set[str] = set()

    def __call__(self, document: Document) -> Change | None:
        """None where nothing is due, as for a user who pays by now. Raises Malformed."""
        name = document.data.get("time_zone") or "UTC"
        zone = zone_of(name) if isinstance(name, str) else UTC
        user = user_of(_with_zone(document, name if zone else "UTC"))
        if user.plan != "free" or user.period_end is None or user.period_end > self._as_of:
            return None
        period = period_at(self._as_of, zone or UTC, user.anchor_day)
        counts = {} if zone else self._unknown(user.id, name)
        if period.label == user.period:
            return _prolonged(user, period, counts)
        return self._updated(user, period, counts)

    def _updated(self, user: User, period: Period, counts: dict[str, int]) -> Change:
        ended = user.period_end or period.start
        missed = period.start - ended >= _SHORTEST
        counters = self._counters(user, period)
        data: dict[str, Any] = {
            # Who moved east is in the next month at once; time is in one period all the same.
            "period_start": max(period.start, ended),
            "period_end": period.end,
            "period": period.label,
            "anchor_day": user.anchor_day,
        }
        counted = {"updated_count": 1, "created_count": len(counters), "missed_count": int(missed)}
        return Change(
            writes=(Update(USERS, user.id, data, user.version), *counters),
            counts={**counts, **counted},
            line=f"Reset users/{user.id} to its period of {period.label}, "
            f"until {period.end:%F %T} UTC.",
        )

    def _counters(self, user: User, period: Period) -> list[Write]:
        """Those that the application has not made meanwhile.

        It seldom has, so that is looked up only where a commit was in conflict.
        """
        again = user.id in self._seen
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()  # at worst one commit more is in conflict
        self._seen.add(user.id)
        found: list[Write] = []
        for metric in self._metrics:
            id = counter_id(user.tenant, user.id, metric, period.label)
            if again and self._documents.get(USAGE_COUNTERS, id):
                continue
            data = counter_data(
                tenant=user.tenant,
                user=user.id,
                metric=metric,
                period=period.label,
                period_end=period.end,
            )
            found.append(Create(USAGE_COUNTERS, id, data))
        return found

    def _unknown(self, user: str, zone: str) -> dict[str, int]:
        self._log.warning(
            f"User {user} is in the time zone {zone!r}, which does not exist: it is taken as UTC.",
            action="unknown-zone",
        )
        if len(self.unknown_zones) < 20:
            self.unknown_zones.add(zone[:100])
        return {"unknown_zone_count": 1}


def _prolonged(user: User, period: Period, counts: dict[str, int]) -> Change:
    data = {"period_end": period.end}
    return Change(
        writes=(Update(USERS, user.id, data, user.version),),
        counts={**counts, "prolonged_count": 1},
        line=f"Prolong users/{user.id} until {period.end:%F %T} UTC.",
    )


def _with_zone(document: Document, zone: Any) -> Document:
    return replace(document, data={**document.data, "time_zone": zone})
