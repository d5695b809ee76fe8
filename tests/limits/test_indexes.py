"""Whether the declared indexes serve what is asked, and no time that goes forward is indexed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.documents import Documents
from common.documents.indexes import UNINDEXED
from common.limits import Buckets, Limiter, Limits, Rate, Slots, statistics
from tests.documents.test_indexes import is_served


def use_all(store, time, rng):
    """Every way there is to ask the store for several documents."""
    limits = Limits(name="x", per_second=10, max_concurrent=3)
    with Limiter(store, limits, clock=time.clock, rng=rng) as limiter:
        limiter.call(lambda: None)
    Buckets(store).take("x", Rate(per_second=10), 5)
    for _ in range(4):
        Slots(store).acquire("x", 3, "me", timedelta(minutes=1))
    statistics(store, "x")


def test_every_query_is_served_by_declared_indexes(sqlite, time, rng, monkeypatch):
    asked, answer = [], Documents.query
    monkeypatch.setattr(Documents, "query", lambda self, q: asked.append(q) or answer(self, q))
    use_all(sqlite, time, rng)
    assert {query.collection for query in asked} == {"rates", "slots", "limiter_hours"}
    assert [query for query in asked if not is_served(query)] == []


@pytest.mark.parametrize(
    ("collection", "fields"),
    [
        ("rates", {"tat"}),
        ("slots", {"holder"}),
        ("limiter_hours", {"additions"}),
        ("limiters", {"since", "not_before", "usual_at"}),
    ],
)
def test_what_nobody_asks_for_is_not_indexed(collection, fields):
    assert fields <= set(UNINDEXED[collection])
