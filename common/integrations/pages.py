"""All documents of integrations, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from common.documents import Document, Documents, Query, pages
from common.documents.query import Filter
from common.integrations.integration import COLLECTION

__all__ = ["every"]

_PAGE = 200


def every(documents: Documents, tenant: str | None) -> Iterator[Document]:
    """Those of a tenant, or all."""
    where: tuple[Filter, ...] = () if tenant is None else (("tenant", "==", tenant),)
    yield from pages.every(documents, Query(COLLECTION, where=where), page=_PAGE)
