"""Every query of the cleanups is served by an index that Firestore is told of."""

from __future__ import annotations

import pytest

from common.documents import Documents, Query
from tests.documents.test_indexes import is_served
from tests.jobs.upkeep.test_kills import SCENES


@pytest.mark.parametrize("job", SCENES)
def test_every_query_is_served_by_declared_indexes(sqlite_shop, monkeypatch, job):
    asked: list[Query] = []
    for name in ("query", "count"):
        ask = getattr(Documents, name)
        monkeypatch.setattr(
            Documents, name, lambda self, query, ask=ask: asked.append(query) or ask(self, query)
        )
    SCENES[job][0](sqlite_shop)
    sqlite_shop.do(job)
    assert len(asked) >= 3
    assert [query for query in asked if not is_served(query)] == []
