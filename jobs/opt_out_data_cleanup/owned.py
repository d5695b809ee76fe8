"""Documents that say whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.data.artifacts import ARTIFACTS
from common.data.usage import USAGE_EVENTS
from common.words import several
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.where import LEASES, OF_TENANTS

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from jobs.opt_out_data_cleanup.person import Person

__all__ = ["lease_of", "left_by", "owned", "uncharged"]

_UNCHARGED = {"unreported", "sending"}


def owned(documents: Documents, collection: str, person: Person) -> Iterator[Document]:
    """A collection's documents that name the person; with a tenant's last, those that name nobody
    as well."""
    for name in sorted(person.names):
        for document in pages(documents, collection, ("user", "==", name)):
            if person.owns(document):
                yield document
    if person.is_last and collection in OF_TENANTS:
        for document in pages(documents, collection, of(person.tenant)):
            if not document.data.get("user"):
                yield document


def left_by(documents: Documents, person: Person, runs: set[str]) -> Iterator[Document]:
    """Artifacts of these runs that name nobody: without the runs nobody knew whose they are."""
    for document in pages(documents, ARTIFACTS, of(person.tenant), ("user", "==", "")):
        if document.data.get("run") in runs:
            yield document


def lease_of(documents: Documents, integration: str) -> Document | None:
    """What tells who reads the mailbox of an integration just now."""
    return documents.get(LEASES, f"mailbox-{integration}")


def uncharged(documents: Documents, person: Person) -> str:
    """Why usage has to stay: it is paid for, and who charges for it has not heard of it yet."""
    left = sum(
        document.data.get("state") in _UNCHARGED and bool(document.data.get("customer"))
        for document in owned(documents, USAGE_EVENTS, person)
    )
    return f"{several(left, 'usage event')} to be reported to Stripe first" if left else ""
