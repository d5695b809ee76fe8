"""`creations`: what users make, such as videos; the status is the run's, the rest is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from common.data.fields import Fields
from common.documents import Document

__all__ = ["CREATIONS", "Creation", "creation_of"]

CREATIONS = "creations"


@dataclass(frozen=True, kw_only=True, slots=True)
class Creation:
    """One of them as it stood when it was read."""

    id: str
    tenant: str
    user: str
    status: str
    """pending, processing, completed or failed; empty before a run follows it."""
    run: str
    """The run that it follows; empty before there is one."""
    media_url: str
    """Of what was made; empty until it is."""
    version: str


def creation_of(document: Document) -> Creation:
    """What a document of the collection says. Raises Malformed."""
    fields = Fields(document)
    return Creation(
        id=document.id,
        tenant=fields.text("tenant", ""),
        user=fields.text("user", ""),
        status=fields.text("status", ""),
        run=fields.text("run", ""),
        media_url=fields.text("media_url", ""),
        version=document.version,
    )
