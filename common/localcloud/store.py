"""What was made in the local cloud: each thing a document, found by its name or among its
siblings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from common.documents import Conflict, Document, Documents, Query
from common.localcloud.errors import ApiError, invalid, not_found
from common.localcloud.resource import (
    COLLECTION,
    Resource,
    creating,
    document_id,
    read,
    removing,
    writing,
)

__all__ = ["Page", "Resource", "Store"]

_PAGE = 100
_MOST = 1000
_TOKEN = re.compile(r"([0-9a-z]{1,40})\.([0-9]{1,16})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some of what is listed, and how to ask for what comes next."""

    found: list[Resource]
    token: str
    """None left: empty."""


Change = Callable[[Resource], Resource | None]


class Store:
    """The resources in a documents store. Safe among threads and processes."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def now(self) -> datetime:
        """The store's clock."""
        return self.documents.now()

    def create(self, resource: Resource) -> Resource:
        """Make one. Raises ApiError ALREADY_EXISTS."""
        try:
            version = self.documents.commit([creating(resource)])[0]
        except Conflict:
            taken = f"Resource '{resource.name}' already exists."
            raise ApiError("ALREADY_EXISTS", taken) from None
        return replace(resource, version=version or "")

    def find(self, name: str) -> Resource | None:
        """The one of that name, or None."""
        found = self.documents.get(COLLECTION, document_id(name))
        return read(found) if found else None

    def get(self, name: str) -> Resource:
        """The one of that name. Raises ApiError NOT_FOUND."""
        found = self.find(name)
        if found is None:
            raise not_found(name)
        return found

    def change(self, name: str, change: Change) -> Resource:
        """Compare and set: write what `change`, which may be called again, makes of it.

        Where it returns None nothing is written. Raises ApiError NOT_FOUND.
        """

        def once() -> Resource:
            found = self.get(name)
            changed = change(found)
            return found if changed is None else self.put(found, changed)

        return self.documents.optimistic(once)

    def put(self, found: Resource, changed: Resource) -> Resource:
        """Write it, if nobody wrote it since it was found. Raises Conflict."""
        version = self.documents.commit([writing(found, changed)])[0]
        return replace(changed, version=version or "")

    def delete(self, name: str) -> Resource:
        """Remove the one of that name, and return it. Raises ApiError NOT_FOUND."""

        def once() -> Resource:
            found = self.get(name)
            self.documents.commit([removing(found)])
            return found

        return self.documents.optimistic(once)

    def drop(self, found: Resource) -> bool:
        """Remove it, if nobody wrote it since it was found; returns whether it did."""
        try:
            self.documents.commit([removing(found)])
        except Conflict:
            return False
        return True

    def commit(
        self,
        *,
        create: Sequence[Resource] = (),
        put: Sequence[tuple[Resource, Resource]] = (),
        drop: Sequence[Resource] = (),
    ) -> None:
        """Make, write (as it was found, as it shall be) and remove all of these, or nothing.

        Raises Conflict if one was made, or written, in between.
        """
        made, gone = map(creating, create), map(removing, drop)
        written = (writing(found, changed) for found, changed in put)
        self.documents.commit([*made, *written, *gone])

    def page(self, parent: str, *, size: int = 0, token: str = "") -> Page:
        """A page of those that are listed there, the newest first."""
        size = min(size, _MOST) if size > 0 else _PAGE
        query = _listed(parent, limit=size + 1, after=_cursor(token))
        found = self.documents.query(query)
        return Page(
            found=[read(each) for each in found[:size]],
            token=_token(found[size - 1]) if len(found) > size else "",
        )

    def all(self, parent: str) -> Iterator[Resource]:
        """All that are listed there, the newest first."""
        token = ""
        while True:
            page = self.page(parent, size=_MOST, token=token)
            yield from page.found
            if not (token := page.token):
                return

    def due(self, agenda: str, now: datetime, *, limit: int = _PAGE) -> list[Resource]:
        """Those about which something is to be done by now, the earliest first."""
        query = Query(
            COLLECTION,
            where=(("agenda", "==", agenda), ("due", "<=", now)),
            order=("due",),
            limit=limit,
        )
        return [read(each) for each in self.documents.query(query)]

    def next(self, agenda: str) -> datetime | None:
        """When the next thing is to be done, or was."""
        query = Query(COLLECTION, where=(("agenda", "==", agenda),), order=("due",), limit=1)
        found = self.documents.query(query)
        return read(found[0]).due if found else None

    def count(self, agenda: str) -> int:
        """How many are on an agenda."""
        return self.documents.count(Query(COLLECTION, where=(("agenda", "==", agenda),)))


def _token(last: Document) -> str:
    """Where a page ends: it can be gone on from there also when what stood there is gone."""
    return f"{last.id}.{(last.data['created'] - _EPOCH) // _TICK}"


def _cursor(token: str) -> Document | None:
    if not token:
        return None
    if not (said := _TOKEN.fullmatch(token)):
        raise invalid("pageToken", f"{token!r} is none that was given.")
    created = _EPOCH + int(said[2]) * _TICK
    return Document(COLLECTION, said[1], {"created": created}, version="", token="")


def _listed(parent: str, *, limit: int, after: Document | None) -> Query:
    return Query(
        COLLECTION,
        where=(("parent", "==", parent),),
        order=("-created",),
        limit=limit,
        after=after,
    )
