"""Whatever the two jobs ask of the store, Firestore answers from declared indexes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Documents, Query
from tests.documents.test_indexes import is_served


@pytest.mark.usefixtures("stripe")
def test_every_query_is_served_by_declared_indexes(ledger, monkeypatch):
    asked: list[Query] = []
    for name in ("query", "count"):
        ask = getattr(Documents, name)
        monkeypatch.setattr(
            Documents, name, lambda self, query, ask=ask: asked.append(query) or ask(self, query)
        )
    long_ago = ledger.time.now() - timedelta(hours=30)
    ledger.event()
    ledger.event(state="sending", sent_at=long_ago)
    ledger.user("u1", created=long_ago, period_end=long_ago)
    ledger.reconcile()
    ledger.reset()
    assert {"users", "usage_events"} <= {query.collection for query in asked}
    assert [query for query in asked if not is_served(query)] == []
