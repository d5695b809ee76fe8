"""Whose data is to go: by which names it is known, and whether its tenant's is its alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from common.data.users import USERS, User, user_of
from common.documents import Query
from common.errors import InvalidInput
from jobs.opt_out_data_cleanup.pages import of, pages
from jobs.opt_out_data_cleanup.where import OF_USERS

if TYPE_CHECKING:
    from common.documents import Document, Documents

__all__ = ["People", "Person"]


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
        return data.get("tenant", "") == self.tenant and data.get("user", "") in self.names


class People:
    """The users of a store, as of whom it was asked."""

    def __init__(self, documents: Documents, before: datetime) -> None:
        """`before` is when somebody must have opted out to be forgotten now."""
        self._documents, self._before = documents, before

    def person(self, document: Document) -> Person | None:
        """The person that a user's document stands for, if it is to be forgotten."""
        user = user_of(document)
        if not self._is_leaving(user) or user.opted_out is None:
            return None
        return Person(
            id=user.id,
            tenant=user.tenant,
            names=frozenset(self._names(user)),
            opted_out=user.opted_out,
            is_last=bool(user.tenant) and self._is_last(user),
        )

    def _is_leaving(self, user: User) -> bool:
        return user.opted_out is not None and user.opted_out <= self._before

    def _names(self, user: User) -> Iterator[str]:
        yield user.id
        for address in {user.email, user.email.lower()} - {"", user.id}:
            if not self._is_anothers(address, user):
                yield address

    def _is_anothers(self, address: str, user: User) -> bool:
        others = self._documents.query(Query(USERS, where=(("email", "==", address),)))
        with suppress(InvalidInput):  # not every address could be an id
            others += filter(None, [self._documents.get(USERS, address)])
        theirs = [each for each in others if each.id != user.id]
        return any(each.data.get("tenant", "") == user.tenant for each in theirs)

    def _is_last(self, user: User) -> bool:
        """Whether all users of the tenant leave, this one first, and its data names nobody else."""
        where = of(user.tenant)
        names = {""}
        for other in map(user_of, pages(self._documents, USERS, where)):
            if not self._is_leaving(other) or other.id < user.id:
                return False
            names |= {other.id, other.email, other.email.lower()}
        return all(
            document.data.get("user", "") in names
            for collection in OF_USERS
            for document in pages(self._documents, collection, where)
        )
