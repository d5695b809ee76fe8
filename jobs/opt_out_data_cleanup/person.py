"""Whose data is to go: by which names it is known, and whether its tenant's is its alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from common.data.fields import Fields
from common.data.users import USERS
from common.documents import Query
from common.errors import InvalidInput
from jobs.opt_out_data_cleanup.deserted import is_deserted
from jobs.opt_out_data_cleanup.pages import of, pages

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Document, Documents

__all__ = ["People", "Person"]

_LONGEST = 320
"""Characters of an address; Firestore cannot be asked for what is much longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A user who is to be forgotten."""

    id: str
    tenant: str
    names: frozenset[str]
    """By which data of the tenant may name it: its id, and its address where that is nobody
    else's."""
    opted_out: datetime
    is_last: bool
    """Whether nobody of the tenant stays: then what the tenant has goes as well. Of several who
    leave a tenant at once one is."""

    def owns(self, document: Document) -> bool:
        """Whether the document says that it is this user's."""
        data = document.data
        return (data.get("tenant") or "") == self.tenant and (data.get("user") or "") in self.names


class People:
    """The users of a store, as of whom it was asked.

    Only what matters here is read of them: who opted out goes, whatever else its document says, and
    what another's says is no reason for anybody to stay.
    """

    def __init__(self, documents: Documents, blobs: Blobs, before: datetime) -> None:
        """`before` is when somebody must have opted out to be forgotten now."""
        self._documents, self._blobs, self._before = documents, blobs, before

    def find(self, id: str) -> tuple[Person, Document] | None:
        """Who is to be forgotten, as it stands now; None for whoever stays, or is gone.

        Raises Malformed.
        """
        document = self._documents.get(USERS, id)
        if document is None or not self._is_leaving(document):
            return None
        fields = Fields(document)
        tenant, names = fields.text("tenant", ""), frozenset(self._names(document))
        person = Person(
            id=id,
            tenant=tenant,
            names=names,
            opted_out=fields.time("opted_out"),
            is_last=bool(tenant) and self._is_last(id, tenant),
        )
        return person, document

    def _is_leaving(self, document: Document) -> bool:
        opted_out = document.data.get("opted_out")
        return isinstance(opted_out, datetime) and opted_out <= self._before

    def _names(self, document: Document) -> Iterator[str]:
        yield document.id
        for address in _addresses(document) - {document.id}:
            if not self._is_anothers(address, document):
                yield address

    def _is_anothers(self, address: str, document: Document) -> bool:
        others = self._documents.query(Query(USERS, where=(("email", "==", address),)))
        with suppress(InvalidInput):  # not every address could be an id
            others += filter(None, [self._documents.get(USERS, address)])
        theirs = [_tenant(each) for each in others if each.id != document.id]
        return _tenant(document) in theirs

    def _is_last(self, id: str, tenant: str) -> bool:
        """Whether all users of the tenant leave, this one first, and it has nothing of others."""
        leaving: set[str] = set()
        for other in pages(self._documents, USERS, of(tenant)):
            if not self._is_leaving(other) or other.id < id:
                return False
            leaving |= {other.id, *_addresses(other)}
        return is_deserted(self._documents, self._blobs, tenant, leaving)


def _addresses(document: Document) -> set[str]:
    """By which data may name a user. What is no address could be another's id."""
    email = document.data.get("email")
    if not isinstance(email, str) or "@" not in email or len(email) > _LONGEST:
        return set()
    return {email, email.lower()}


def _tenant(document: Document) -> object:
    return document.data.get("tenant") or ""
