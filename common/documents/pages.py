"""All documents that match, of which a page at a time is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from common.documents.base import Documents
from common.documents.document import Document
from common.documents.query import Query

__all__ = ["every"]


def every(documents: Documents, query: Query, *, page: int = 200) -> Iterator[Document]:
    """In the query's order; what is removed meanwhile does not disturb it."""
    query = replace(query, limit=page)
    while True:
        found = documents.query(query)
        yield from found
        if len(found) < page:
            return
        query = replace(query, after=found[-1])
