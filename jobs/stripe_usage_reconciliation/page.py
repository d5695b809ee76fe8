"""Events that are sent at a time: in which order, and what has become of each."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs.stripe_usage_reconciliation.outcomes import Fate, Outcome

if TYPE_CHECKING:
    from common.data.usage import UsageEvent
    from common.documents import Document
    from jobs.stripe_usage_reconciliation.meters import Meter

__all__ = ["Page", "Parcel"]

_FRESH = 600.0
"""Seconds after its intent was kept in which an event is sent. A process that was paused for longer
does not know any more what others did meanwhile."""
_UNSENT = Outcome(fate=Fate.UNSENT, why="it was not its turn any more")
_UNKNOWN = Outcome(fate=Fate.UNKNOWN, why="the run ended before the answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """An event that is to be sent."""

    event: UsageEvent
    """As it was before its intent was kept."""
    document: Document
    """As it is since."""
    meter: Meter


class Page:
    """Parcels on their way, by the ids of their events. Safe to share among threads."""

    def __init__(self, parcels: Iterable[Parcel]) -> None:
        self.parcels = {parcel.event.id: parcel for parcel in parcels}
        self._outcomes: dict[str, Outcome] = {}
        self._over = threading.Event()
        self._began = time.monotonic(), time.time()

    def lanes(self) -> list[list[Parcel]]:
        """One after the other in each, as Stripe takes one call at a time for a customer and a
        meter; the longest ones first."""
        lanes: dict[tuple[str, str], list[Parcel]] = defaultdict(list)
        for parcel in self.parcels.values():
            lanes[parcel.event.customer, parcel.event.event_name].append(parcel)
        return sorted(lanes.values(), key=len, reverse=True)

    @property
    def documents(self) -> list[Document]:
        """As they are since the intents were kept."""
        return [parcel.document for parcel in self.parcels.values()]

    def may_go(self) -> bool:
        """Whether the intents are fresh, and nothing has gone wrong."""
        monotonic, wall = self._began
        age = max(time.monotonic() - monotonic, time.time() - wall)
        return age < _FRESH and not self._over.is_set()

    def send(
        self,
        lane: Sequence[Parcel],
        send: Callable[[Parcel], Outcome | None],
        check: Callable[[str, Outcome], None],
    ) -> None:
        """Send a lane's parcels; where `send` or `check` raises, nothing more of any lane."""
        try:
            for parcel in lane:
                outcome = send(parcel)
                if outcome is None:
                    return
                self._outcomes[parcel.event.id] = outcome
                check(parcel.event.customer, outcome)
        except BaseException:
            self._over.set()
            raise

    def began(self, parcel: Parcel) -> None:
        """Its call is about to be made."""
        self._outcomes[parcel.event.id] = _UNKNOWN

    def doubt(self) -> None:
        """What was refused is not, after all: it may be sent again."""
        for id, outcome in [*self._outcomes.items()]:
            if outcome.fate is Fate.REFUSED:
                self._outcomes[id] = replace(outcome, fate=Fate.UNSENT)

    def outcome(self, id: str) -> Outcome:
        """What has become of an event."""
        return self._outcomes.get(id, _UNSENT)
