"""Asking Stripe for its sums, and saying where they are others than the ledger's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from common.runtime.threads import Threads
from jobs.stripe_usage_reconciliation.asking import NotTold
from jobs.stripe_usage_reconciliation.comparing import Hours, drifts, hours_of, hours_to_compare
from jobs.stripe_usage_reconciliation.ledger import between

if TYPE_CHECKING:
    from datetime import datetime

    from common.maintenance import Upkeep
    from common.runtime import Context
    from jobs.stripe_usage_reconciliation.api import Api
    from jobs.stripe_usage_reconciliation.asking import Asking
    from jobs.stripe_usage_reconciliation.meters import Meters
    from jobs.stripe_usage_reconciliation.params import Drift
    from jobs.stripe_usage_reconciliation.trouble import Trouble

__all__ = ["Comparison"]


class Comparison:
    """Of all customers that used something in a span."""

    def __init__(  # noqa: PLR0913 - what it takes to compare
        self,
        run: Context,
        upkeep: Upkeep,
        *,
        api: Api,
        reads: Asking,
        meters: Meters,
        trouble: Trouble,
        threads: int,
    ) -> None:
        self._run, self._upkeep, self._api, self._reads = run, upkeep, api, reads
        self._meters, self._trouble, self._threads = meters, trouble, threads

    def compare(self, *, hours: int, lag: timedelta) -> list[Drift]:
        """Where they do not agree in the last closed hours. Raises NoAnswers, Misconfigured."""
        now = self._run.documents.now()
        start, end = hours_to_compare(now, hours=hours, lag=lag)
        events = (
            event
            for event in between(self._run.documents, start, end)
            if self._upkeep.is_mine(event.customer)
        )
        pairs = [*hours_of(events, self._meters, now=now, lag=lag).items()]
        found: list[Drift] = []
        with Threads(self._run, self._threads) as threads:
            for number, some in enumerate(
                threads.map(lambda it: self._pair(*it, start, end), pairs)
            ):
                self._run.progress(number / len(pairs), f"comparing {number + 1} of {len(pairs)}")
                found += some
        self._tell(found)
        return found

    def _pair(
        self, pair: tuple[str, str], ours: Hours, start: datetime, end: datetime
    ) -> list[Drift]:
        customer, event_name = pair
        meter = self._meters[event_name]

        def sums() -> dict[int, float]:
            span = int(start.timestamp()), int(end.timestamp())
            return dict(
                self._api.sums(meter, customer=customer, start=span[0], end=span[1], window="hour")
            )

        try:
            theirs = self._reads.read(sums)
        except NotTold as error:
            self._trouble.tell(f"{customer} could not be compared: {error}")
            return []
        self._upkeep.note(compared_count=1)
        return drifts(customer, event_name, ours, theirs)

    def _tell(self, found: list[Drift]) -> None:
        self._upkeep.note(drift_count=len(found))
        for drift in found[:100]:
            self._run.log.warning(
                f"{drift.customer}: Stripe has {drift.stripe:g} of {drift.event_name} for the hour "
                f"from {drift.hour}, and the ledger {drift.ledger}.",
                action="usage-drift",
                **drift.model_dump(),
            )
