"""Events on their way to Stripe, each reported once.

unreported ── intent kept ──► sending ── answer kept ──► reported, refused or late
    ▲                           │
    └────── surely unsent ──────┘

The intent (state, identifier, time) is kept before the call. Whoever finds an event that is being
sent sends it again by the same identifier, as long as Stripe is sure to know that: then it takes
the event, or says that it has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from common.data.usage import USAGE_EVENTS, UsageEvent, event_of
from common.documents import Conflict, Document, Update
from common.maintenance import Change
from common.runtime.threads import Threads
from jobs.stripe_usage_reconciliation.answers import answer
from jobs.stripe_usage_reconciliation.judging import identifier_of
from jobs.stripe_usage_reconciliation.outcomes import Fate
from jobs.stripe_usage_reconciliation.page import Page, Parcel

if TYPE_CHECKING:
    from datetime import datetime

    from common.maintenance import Upkeep
    from common.runtime import Context
    from jobs.stripe_usage_reconciliation.api import Api
    from jobs.stripe_usage_reconciliation.asking import Asking
    from jobs.stripe_usage_reconciliation.outcomes import Outcome
    from jobs.stripe_usage_reconciliation.trouble import Trouble

__all__ = ["Sender"]

_OPEN = {"sending", "unreported"}


class Sender:
    """Sends pages of events, a few at once."""

    def __init__(  # noqa: PLR0913 - what it takes to send
        self,
        run: Context,
        upkeep: Upkeep,
        *,
        api: Api,
        posts: Asking,
        trouble: Trouble,
        threads: int,
    ) -> None:
        self._run, self._upkeep, self._api, self._posts = run, upkeep, api, posts
        self._trouble, self._threads = trouble, threads

    def send(self, parcels: Sequence[Parcel]) -> None:
        """Send them, and keep what became of each.

        Raises NoAnswers, Refusing, Misconfigured; but what is known by then is kept.
        """
        if not parcels:
            return
        page = Page(self._intended(parcels))
        try:
            with Threads(self._run, self._threads) as threads:
                for _ in threads.map(lambda lane: self._send_lane(page, lane), page.lanes()):
                    pass
        finally:
            if self._trouble.is_account:
                page.doubt()
            self._keep(page)
        self._trouble.check_account()

    def _send_lane(self, page: Page, lane: Sequence[Parcel]) -> None:
        page.send(lane, lambda parcel: self._post(page, parcel), self._trouble.went)

    def _post(self, page: Page, parcel: Parcel) -> Outcome | None:
        identifier = identifier_of(parcel.event)

        def call() -> None:
            page.began(parcel)
            self._api.send(parcel.meter, parcel.event, identifier)

        return self._posts.post(call, identifier, page.may_go)

    def _intended(self, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Those whose intent is kept; the others were written meanwhile."""
        now = self._run.documents.now()
        try:
            return self._intend(parcels, now)
        except Conflict:
            return [one for parcel in parcels for one in self._intended_alone(parcel, now)]

    def _intended_alone(self, parcel: Parcel, now: datetime) -> list[Parcel]:
        try:
            return self._intend([parcel], now)
        except Conflict:
            self._upkeep.note(waiting_count=1)
            return []

    def _intend(self, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
        datas = [_intent(parcel.event, now) for parcel in parcels]
        versions = self._run.documents.commit(
            [
                Update(USAGE_EVENTS, parcel.event.id, data, parcel.event.version)
                for parcel, data in zip(parcels, datas, strict=True)
            ]
        )
        return [
            replace(parcel, document=_written(parcel.document, data, version))
            for parcel, data, version in zip(parcels, datas, versions, strict=True)
        ]

    def _keep(self, page: Page) -> None:
        """Keep the answers, each counted in the commit that it is in."""
        now = self._run.documents.now()
        self._upkeep.each(page.documents, lambda document: _change(document, page, now))


def _change(document: Document, page: Page, now: datetime) -> Change | None:
    """What there is to write about an event, unless somebody else has done that by now."""
    event, parcel = event_of(document), page.parcels[document.id]
    outcome, same = page.outcome(event.id), document.version == parcel.document.version
    is_ours = event.state in _OPEN and event.identifier == identifier_of(parcel.event)
    # That Stripe has it stays true; that a call of ours failed says nothing of another's.
    if not is_ours or not (same or outcome.fate is Fate.DELIVERED):
        return None
    found = answer(parcel.event, outcome, now)
    write = Update(USAGE_EVENTS, event.id, found.data, document.version, found.drop)
    return Change(writes=(write,) if found.data else (), counts=found.counts, line="")


def _intent(event: UsageEvent, now: datetime) -> dict[str, Any]:
    """The time is that of the first call: from then on Stripe may know the identifier."""
    first = event.sent_at if event.state == "sending" and event.sent_at else now
    return {"state": "sending", "identifier": identifier_of(event), "sent_at": first}


def _written(document: Document, data: dict[str, Any], version: str | None) -> Document:
    return replace(document, data={**document.data, **data}, version=version or "")
