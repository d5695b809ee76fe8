"""A page of events: each is sent, settled, refused, or left for a later run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from common.data import Malformed
from common.data.usage import USAGE_EVENTS, event_of
from common.documents import Document, Update
from common.maintenance import Change
from jobs.stripe_usage_reconciliation.judging import Todo, judge
from jobs.stripe_usage_reconciliation.page import Parcel

if TYPE_CHECKING:
    from datetime import datetime

    from common.maintenance import Upkeep
    from jobs.stripe_usage_reconciliation.meters import Meters
    from jobs.stripe_usage_reconciliation.sending import Sender
    from jobs.stripe_usage_reconciliation.settling import Settler
    from jobs.stripe_usage_reconciliation.trouble import Trouble

__all__ = ["Reporting"]


class Reporting:
    """Reports pages of events."""

    def __init__(
        self,
        upkeep: Upkeep,
        *,
        meters: Meters,
        sender: Sender,
        settler: Settler,
        trouble: Trouble,
    ) -> None:
        self._upkeep, self._meters = upkeep, meters
        self._sender, self._settler, self._trouble = sender, settler, trouble

    def report(self, page: Sequence[Document]) -> None:
        """Do with each of them what is to be done. Raises NoAnswers, Refusing, Misconfigured."""
        now = self._upkeep.documents.now()
        self._upkeep.each(page, lambda document: self._refused(document, now))
        parcels: list[Parcel] = []
        old: list[Document] = []
        for document in page:
            with suppress(Malformed):  # it was told of already
                self._sort(document, now, parcels, old)
        self._settler.settle(old)
        if not self._upkeep.dry_run:
            self._sender.send(parcels)
            return
        for parcel in parcels:
            self._upkeep.tell(_line(parcel), reported_count=1)

    def _sort(
        self, document: Document, now: datetime, parcels: list[Parcel], old: list[Document]
    ) -> None:
        event = event_of(document)
        verdict = judge(event, self._meters, now)
        if verdict.todo is Todo.SEND:
            meter = self._meters[event.event_name]
            parcels.append(Parcel(event=event, document=document, meter=meter))
        elif verdict.todo is Todo.SETTLE:
            old.append(document)
        elif verdict.todo is Todo.WAIT:
            self._upkeep.note(waiting_count=1)
            self._trouble.tell(f"Some wait: {verdict.why}")

    def _refused(self, document: Document, now: datetime) -> Change | None:
        """What is to be written of an event that is not even sent."""
        event = event_of(document)
        if event.state != "unreported":
            return None
        verdict = judge(event, self._meters, now)
        if verdict.todo not in {Todo.REFUSE, Todo.LATE}:
            return None
        state = "late" if verdict.todo is Todo.LATE else "refused"
        data = {"state": state, "why": verdict.why}
        return Change(
            writes=(Update(USAGE_EVENTS, event.id, data, document.version),),
            counts={f"{state}_count": 1},
            line=f"Mark {USAGE_EVENTS}/{event.id} as {state}: {verdict.why}.",
        )


def _line(parcel: Parcel) -> str:
    event = parcel.event
    return (
        f"Report {USAGE_EVENTS}/{event.id}: {event.quantity:,} {event.event_name} of "
        f"{event.customer}, at {event.at:%F %T} UTC."
    )
