"""Reading what the ledger has of usage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from common.data import Malformed
from common.data.usage import USAGE_EVENTS, UsageEvent, event_of
from common.documents import Documents, Query
from common.documents.pages import every

__all__ = ["between"]

_PAGE = 1_000


def between(
    documents: Documents, start: datetime, end: datetime, *, customer: str | None = None
) -> Iterator[UsageEvent]:
    """The events of a span, half-open, of one customer or all; what cannot be read is left out."""
    whose = (("customer", "==", customer),) if customer is not None else ()
    where = (*whose, ("at", ">=", start), ("at", "<", end))
    for document in every(documents, Query(USAGE_EVENTS, where=where, order=("at",)), page=_PAGE):
        with suppress(Malformed):  # the run that goes over it tells of it
            yield event_of(document)
