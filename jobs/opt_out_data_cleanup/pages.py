"""All documents that match, of which a page at a time is held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.documents import Query

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from common.documents.query import Filter

__all__ = ["of", "pages"]

_FIRST, _PAGE = 25, 400
"""Mostly there are no more than a few, or whoever asks needs no more to know enough."""


def of(tenant: str) -> Filter:
    """What is one tenant's."""
    return ("tenant", "==", tenant)


def pages(
    documents: Documents, collection: str, *where: Filter, order: tuple[str, ...] = ()
) -> Iterator[Document]:
    """In the order that is asked for; what is removed meanwhile does not disturb it."""
    size, after = _FIRST, None
    while True:
        query = Query(collection, where=where, order=order, limit=size, after=after)
        found = documents.query(query)
        yield from found
        if len(found) < size:
            return
        size, after = _PAGE, found[-1]
