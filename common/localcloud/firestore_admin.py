"""Firestore's indexes and fields: kept, since neither SQLite nor the emulator is told of them.

https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups
Every database is there, as every project is.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace

from common.localcloud.errors import ApiError, invalid
from common.localcloud.kinds import MESSAGE, TEXT, check
from common.localcloud.masks import paths
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.store import Resource, Store
from common.localcloud.values import named

__all__ = ["FirestoreAdmin"]

_DATABASE = "projects/*/databases/*"
_GROUP = f"{_DATABASE}/collectionGroups/*"
_FILTERS = ("indexConfig.usesAncestorConfig", "ttlConfig")
"""Fields are listed only if something about them was said."""
_SCOPES = ("QUERY_SCOPE_UNSPECIFIED", "COLLECTION", "COLLECTION_GROUP")
_ORDERS = ("ORDER_UNSPECIFIED", "ASCENDING", "DESCENDING")
_INDEX = {"fields": [{"fieldPath": TEXT}]}
_FIELD = {"name": TEXT, "indexConfig": MESSAGE, "ttlConfig": MESSAGE}
_TYPES = "type.googleapis.com/google.firestore.admin.v1"


class FirestoreAdmin:
    """The part of google.firestore.admin.v1 that deployments use, over HTTP."""

    def __init__(self, store: Store) -> None:
        self._store = store
        index, field = f"/v1/{{name={_GROUP}/indexes/*}}", f"/v1/{{name={_GROUP}/fields/*}}"
        indexes, fields = f"/v1/{{parent={_GROUP}}}/indexes", f"/v1/{{parent={_GROUP}}}/fields"
        patched = f"/v1/{{field.name={_GROUP}/fields/*}}"
        self.rpcs = (
            Rpc(verb="GET", path=f"/v1/{{name={_DATABASE}}}", answer=_database),
            Rpc(verb="POST", path=indexes, answer=self._create, body="index"),
            Rpc(verb="GET", path=indexes, answer=self._indexes),
            Rpc(verb="GET", path=index, answer=self._get),
            Rpc(verb="DELETE", path=index, answer=self._delete),
            Rpc(verb="GET", path=fields, answer=self._fields),
            Rpc(verb="GET", path=field, answer=self._field),
            Rpc(verb="PATCH", path=patched, answer=self._update, body="field"),
        )

    def _create(self, call: Call) -> Json:
        parent, index = call.text("parent"), call.message("index")
        check("index", index, _INDEX)
        fields, scope = _indexed(index), named(index, "queryScope", _SCOPES)
        for each in self._listed(parent, "indexes"):
            if (each["fields"], each["queryScope"]) == (fields, scope):
                raise ApiError("ALREADY_EXISTS", "index already exists")
        name = f"{parent}/indexes/{uuid.uuid4().hex[:12]}"
        # It is built at once, which in the cloud takes minutes.
        data = {"name": name, "queryScope": scope, "fields": fields, "state": "READY"}
        self._keep(data)
        return _operation("Index", data)

    def _indexes(self, call: Call) -> Json:
        return {"indexes": self._listed(call.text("parent"), "indexes")}

    def _get(self, call: Call) -> Json:
        return self._store.get(_key(call.text("name"))).data

    def _delete(self, call: Call) -> Json:
        self._store.delete(_key(call.text("name")))
        return {}

    def _fields(self, call: Call) -> Json:
        if not call.text("filter").startswith(_FILTERS):
            raise invalid("filter", "only fields of which something was said are listed.")
        return {"fields": self._listed(call.text("parent"), "fields")}

    def _field(self, call: Call) -> Json:
        found = self._store.find(_key(name := call.text("name")))
        return found.data if found else _usual(name)

    def _update(self, call: Call) -> Json:
        field = call.message("field")
        check("field", field, _FIELD)
        name, mask = str(field["name"]), paths(call.fields.get("updateMask"))
        if self._store.find(_key(name)) is None:
            with suppress(ApiError):  # somebody else was faster
                self._keep(_usual(name))
        wanted = mask or [*field]
        changed = self._store.change(_key(name), lambda it: _changed(it, field, wanted))
        return _operation("Field", changed.data)

    def _listed(self, group: str, kind: str) -> list[Json]:
        """Those of a collection group, or of all of them, which is called -."""
        database, _, collection = group.partition("/collectionGroups/")
        inside = "" if collection == "-" else f"{group}/"
        found = (each.data for each in self._store.all(f"{database}/{kind}"))
        return [each for each in found if each["name"].startswith(inside)]

    def _keep(self, data: Json) -> None:
        made = Resource(name=_key(data["name"]), data=data, created=self._store.now())
        self._store.create(made)


def _key(name: str) -> str:
    """Under which it is kept: all of a database's in one list."""
    database, _, rest = name.partition("/collectionGroups/")
    collection, kind, id = rest.split("/")
    return f"{database}/{kind}/{collection}:{id}"


def _database(call: Call) -> Json:
    return {"name": call.text("name"), "type": "FIRESTORE_NATIVE", "locationId": "nam5"}


def _indexed(index: Json) -> list[Json]:
    """The fields, and the name that Firestore adds to them."""
    fields = [_ordered(it) for it in index.get("fields") or [] if it.get("fieldPath")]
    if len(fields) < 2:
        raise invalid("index.fields", "there have to be two or more; of one it is made by itself.")
    if fields[-1]["fieldPath"] == "__name__":
        return list(fields)
    return [*fields, {"fieldPath": "__name__", "order": fields[-1].get("order", _ORDERS[1])}]


def _ordered(field: Json) -> Json:
    return {**field, "order": named(field, "order", _ORDERS)} if "order" in field else field


def _usual(name: str) -> Json:
    """A field of which nothing was said."""
    default = f"{name.partition('/collectionGroups/')[0]}/collectionGroups/__default__/fields/*"
    return {"name": name, "indexConfig": {"usesAncestorConfig": True, "ancestorField": default}}


def _changed(found: Resource, field: Json, mask: list[str]) -> Resource:
    data = dict(found.data)
    if "indexConfig" in mask:
        said = field.get("indexConfig")
        data["indexConfig"] = _usual(data["name"])["indexConfig"] if said is None else said
    if "ttlConfig" in mask:
        data.pop("ttlConfig", None)
        if field.get("ttlConfig") is not None:
            data["ttlConfig"] = {"state": "ACTIVE"}
    return replace(found, data=data)


def _operation(kind: str, data: Json) -> Json:
    """Of what was done at once."""
    name: str = data["name"]
    response = {"@type": f"{_TYPES}.{kind}", **data}
    id = uuid.uuid4().hex
    return {
        "name": f"{name.partition('/collectionGroups/')[0]}/operations/{id}",
        "done": True,
        "response": response,
    }
