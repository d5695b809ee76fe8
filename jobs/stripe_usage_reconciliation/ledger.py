"""Reading what the ledger has of usage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from common.data import Malformed
from common.data.usage import USAGE_EVENTS, UsageEvent, event_of
from common.documents import Documents, Query

__all__ = ["between"]

_PAGE = 1_000


def between(
    documents: Documents, start: datetime, end: datetime, *, customer: str | None = None
) -> Iterator[UsageEvent]:
    """The events of a span, half-open, of one customer or all; what cannot be read is left out."""
    whose = (("customer", "==", customer),) if customer is not None else ()
    where = (*whose, ("at", ">=", start), ("at", "<", end))
    query = Query(USAGE_EVENTS, where=where, order=("at",), limit=_PAGE)
    while True:
        found = documents.query(query)
        for document in found:
            try:
                yield event_of(document)
            except Malformed:
                continue  # the run that goes over it tells of it
        if len(found) < _PAGE:
            return
        query = replace(query, after=found[-1])
