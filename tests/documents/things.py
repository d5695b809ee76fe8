"""Documents for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from common.documents import Create, Query

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def put(documents, id, **data):
    return documents.commit([Create("things", id, data)])[0]


def ids(documents, *where, **query):
    return [found.id for found in documents.query(Query("things", where=where, **query))]
