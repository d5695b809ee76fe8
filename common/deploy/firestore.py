"""Firestore's composite indexes, the fields that need none, and its time-to-live:
https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.indexes

Neither can carry a mark, so none is ever deleted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from common.deploy.api import Api
from common.deploy.compare import Change
from common.deploy.errors import Changed, Denied
from common.deploy.plan import CREATE, KEEP, UPDATE, Step
from common.documents.indexes import INDEXES, firestore_indexes
from common.errors import Unavailable

__all__ = ["EXPIRES", "Fields", "Indexes"]

Json = dict[str, Any]

EXPIRES = "expires"
"""The field by which Firestore removes what sweeps have missed."""
_SERVICE = "firestore.googleapis.com"
_LOOKS = 240


class Indexes:
    """The composite indexes of a database."""

    def __init__(self, api: Api, database: str) -> None:
        """`database` as projects/P/databases/D."""
        self._api, self._database = api, database

    def steps(self, *, prune: bool) -> Iterator[Step]:  # noqa: ARG002 - none is marked as ours
        """One for each that a query needs."""
        found = self._found()
        for wanted in firestore_indexes()["indexes"]:
            key = _key(wanted["collectionGroup"], wanted)
            yield Step(
                action=KEEP if key in found else CREATE,
                kind="Firestore index",
                name=" ".join(key),
                do=partial(self._create, wanted),
            )

    def settle(self) -> None:
        """Wait until all are built: before that their queries fail."""
        wanted = {_key(it["collectionGroup"], it) for it in firestore_indexes()["indexes"]}
        for looks in range(1, _LOOKS):
            states = {key: state for key, state in self._found().items() if key in wanted}
            if broken := [key for key, state in states.items() if state == "NEEDS_REPAIR"]:
                name = " ".join(broken[0])
                raise Denied(f"Firestore could not build the index {name}: delete it, and deploy.")
            if "CREATING" not in states.values():
                return
            self._api.rest(looks)
        raise Unavailable("Firestore still builds its indexes: call runjobs deploy again later.")

    def _found(self) -> dict[tuple[str, ...], str]:
        path = f"v1/{self._database}/collectionGroups/-/indexes"
        return {
            _key(str(it["name"]).split("/")[5], it): it.get("state", "")
            for it in self._api.listed(_SERVICE, path, "indexes")
            if it.get("queryScope") == "COLLECTION"
        }

    def _create(self, wanted: Json) -> None:
        path = f"v1/{self._database}/collectionGroups/{wanted['collectionGroup']}/indexes"
        body = {"queryScope": wanted["queryScope"], "fields": wanted["fields"]}
        try:
            self._api.call("POST", _SERVICE, path, body=body)
        except Changed:
            return  # somebody made it, perhaps we


class Fields:
    """Fields that are indexed otherwise than by default, or end a document's life."""

    def __init__(self, api: Api, database: str) -> None:
        self._api, self._database = api, database

    def steps(self, *, prune: bool) -> Iterator[Step]:  # noqa: ARG002
        """One for each that is not to be indexed, and for each time-to-live."""
        path = f"v1/{self._database}/collectionGroups/-/fields"
        asked = {"filter": "indexConfig.usesAncestorConfig=false OR ttlConfig:*"}
        listed = self._api.listed(_SERVICE, path, "fields", query=asked)
        found = {str(each["name"]): each for each in listed}
        for it in firestore_indexes()["fieldOverrides"]:
            name = self._name(it["collectionGroup"], it["fieldPath"])
            yield self._unindexed(name, found.get(name, {}))
        for collection in _expiring():
            name = self._name(collection, EXPIRES)
            yield self._expires(name, found.get(name, {}))

    def settle(self) -> None:
        """Until it holds nothing fails for want of it."""

    def _unindexed(self, name: str, found: Json) -> Step:
        config = found.get("indexConfig", {"usesAncestorConfig": True})
        old = "by default" if config.get("usesAncestorConfig") else config.get("indexes")
        change = Change(field="indexes", old=old, new="none")
        return self._step(name, "indexConfig", {"indexes": []}, [change] if old else [])

    def _expires(self, name: str, found: Json) -> Step:
        config = found.get("ttlConfig")
        is_on = config is not None and config.get("state") != "NEEDS_REPAIR"
        change = Change(field="time-to-live", old="off", new="on")
        return self._step(name, "ttlConfig", {}, [] if is_on else [change])

    def _step(self, name: str, part: str, config: Json, changes: list[Change]) -> Step:
        parts = name.split("/")
        return Step(
            action=UPDATE if changes else KEEP,
            kind="Firestore field",
            name=f"{parts[5]}.{parts[7]}",
            changes=changes,
            do=partial(self._set, name, part, config),
        )

    def _set(self, name: str, part: str, config: Json) -> None:
        body = {"name": name, part: config}
        query = {"updateMask": part}
        # It may be refused while another change of the field is under way.
        self._api.insist(
            lambda: self._api.call("PATCH", _SERVICE, f"v1/{name}", query=query, body=body)
        )

    def _name(self, collection: str, field: str) -> str:
        return f"{self._database}/collectionGroups/{collection}/fields/{field}"


def _expiring() -> list[str]:
    return [name for name, indexes in INDEXES.items() if (EXPIRES,) in indexes]


def _key(collection: str, index: Json) -> tuple[str, ...]:
    """The collection and its fields; that Firestore adds __name__ says nothing."""
    fields = [
        f"{'-' if it.get('order') == 'DESCENDING' else ''}{it['fieldPath']}"
        for it in index["fields"]
        if it["fieldPath"] != "__name__"
    ]
    return collection, *fields
