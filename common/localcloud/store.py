"""What was made in the local cloud: each thing a document, found by its name or among its siblings.

name     of a resource, as Google's APIs have it: projects/P/locations/R/jobs/J
parent   where it is listed: its name without its last part, projects/P/locations/R/jobs
data     its JSON, as the API shows it
kept     what else is known of it and never shown
due      when something is to be done about it by itself, if ever; with `agenda`, whose it is to do
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from common.documents import Conflict, Create, Delete, Document, Documents, Query, Update
from common.ids import derived_id
from common.localcloud.errors import ApiError, invalid, not_found
from common.localcloud.rpc import Json

__all__ = ["Page", "Resource", "Store"]

_COLLECTION = "cloud"
_PAGE = 100
_MOST = 1000
_TOKEN = re.compile(r"([0-9a-z]{1,40})\.([0-9]{1,16})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One thing that was made."""

    name: str
    data: Json
    kept: Json = field(default_factory=dict)
    created: datetime
    agenda: str = ""
    due: datetime | None = None
    version: str = ""

    @property
    def parent(self) -> str:
        """Where it is listed."""
        return self.name.rpartition("/")[0]

    @property
    def id(self) -> str:
        """The last part of its name."""
        return self.name.rpartition("/")[2]


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
        id = _document_id(resource.name)
        try:
            version = self.documents.commit([Create(_COLLECTION, id, _data(resource))])[0]
        except Conflict:
            taken = f"Resource '{resource.name}' already exists."
            raise ApiError("ALREADY_EXISTS", taken) from None
        return replace(resource, version=version or "")

    def find(self, name: str) -> Resource | None:
        """The one of that name, or None."""
        found = self.documents.get(_COLLECTION, _document_id(name))
        return _resource(found) if found else None

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
        version = self.documents.commit([_update(found, changed)])[0]
        return replace(changed, version=version or "")

    def delete(self, name: str) -> Resource:
        """Remove the one of that name, and return it. Raises ApiError NOT_FOUND."""

        def once() -> Resource:
            found = self.get(name)
            self.documents.commit([Delete(_COLLECTION, _document_id(name), found.version)])
            return found

        return self.documents.optimistic(once)

    def drop(self, found: Resource) -> bool:
        """Remove it, if nobody wrote it since it was found; returns whether it did."""
        try:
            self.documents.commit([Delete(_COLLECTION, _document_id(found.name), found.version)])
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
        made = (Create(_COLLECTION, _document_id(each.name), _data(each)) for each in create)
        written = (_update(found, changed) for found, changed in put)
        gone = (Delete(_COLLECTION, _document_id(each.name), each.version) for each in drop)
        self.documents.commit([*made, *written, *gone])

    def page(self, parent: str, *, size: int = 0, token: str = "") -> Page:
        """A page of those that are listed there, the newest first."""
        size = min(size, _MOST) if size > 0 else _PAGE
        query = _listed(parent, limit=size + 1, after=_cursor(token))
        found = self.documents.query(query)
        return Page(
            found=[_resource(each) for each in found[:size]],
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
            _COLLECTION,
            where=(("agenda", "==", agenda), ("due", "<=", now)),
            order=("due",),
            limit=limit,
        )
        return [_resource(each) for each in self.documents.query(query)]

    def next(self, agenda: str) -> datetime | None:
        """When the next thing is to be done, or was."""
        query = Query(_COLLECTION, where=(("agenda", "==", agenda),), order=("due",), limit=1)
        found = self.documents.query(query)
        return _resource(found[0]).due if found else None

    def count(self, agenda: str) -> int:
        """How many are on an agenda."""
        return self.documents.count(Query(_COLLECTION, where=(("agenda", "==", agenda),)))


def _token(last: Document) -> str:
    """Where a page ends: it can be gone on from there also when what stood there is gone."""
    return f"{last.id}.{(last.data['created'] - _EPOCH) // _TICK}"


def _cursor(token: str) -> Document | None:
    if not token:
        return None
    if not (said := _TOKEN.fullmatch(token)):
        raise invalid("pageToken", f"{token!r} is none that was given.")
    created = _EPOCH + int(said[2]) * _TICK
    return Document(_COLLECTION, said[1], {"created": created}, version="", token="")


def _listed(parent: str, *, limit: int, after: Document | None) -> Query:
    return Query(
        _COLLECTION,
        where=(("parent", "==", parent),),
        order=("-created",),
        limit=limit,
        after=after,
    )


def _document_id(name: str) -> str:
    return derived_id("cloud", name)


def _data(resource: Resource) -> dict[str, Any]:
    """As a document. What APIs show is text in it: any JSON will do, and nobody queries it."""
    data: dict[str, Any] = {
        "name": resource.name,
        "parent": resource.parent,
        "data": json.dumps(resource.data),
        "kept": json.dumps(resource.kept),
        "created": resource.created,
    }
    if resource.due is not None:
        data |= {"agenda": resource.agenda, "due": resource.due}
    return data


def _update(found: Resource, changed: Resource) -> Update:
    drop = () if changed.due is not None else ("agenda", "due")
    id = _document_id(found.name)
    return Update(_COLLECTION, id, _data(changed), found.version, drop=drop)


def _resource(found: Document) -> Resource:
    data = found.data
    return Resource(
        name=data["name"],
        data=json.loads(data["data"]),
        kept=json.loads(data["kept"]),
        created=data["created"],
        agenda=data.get("agenda", ""),
        due=data.get("due"),
        version=found.version,
    )
