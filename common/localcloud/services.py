"""Services of Cloud Run, as JSON of google.cloud.run.v2.Service. They are kept, and not run:
`runjobs serve` is the dispatcher here."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from common.localcloud.errors import ApiError
from common.localcloud.masks import masked
from common.localcloud.rpc import Json
from common.localcloud.run.conditions import condition
from common.localcloud.run.names import check_id, ended_id, location_of, missing, stamp
from common.localcloud.run.paging import Listed
from common.localcloud.service_spec import settled
from common.localcloud.store import Resource, Store

__all__ = ["Services"]

_MADE = ("name", "uid", "createTime", "uri", "urls", "creator")


class Services:
    """The services of all projects and regions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, parent: str, id: str, service: Json, *, validate_only: bool = False) -> Json:
        """Make one. Raises ApiError."""
        check_id("service_id", id)
        name, now = f"{parent}/services/{id}", self._store.now()
        url = _url(name)
        made = {"name": name, "uid": str(uuid.uuid4()), "createTime": stamp(now)}
        data = _data({**made, "uri": url, "urls": [url]}, settled(service), 1, stamp(now))
        if validate_only:
            return data
        return self._store.create(Resource(name=name, data=data, created=now)).data

    def get(self, name: str) -> Json:
        """Raises ApiError NOT_FOUND."""
        return self._found(name).data

    def list(self, parent: str, *, size: int = 0, token: str = "") -> Listed:
        """A page of a location's services, the newest first, and what asks for the next."""
        page = self._store.page(f"{parent}/services", size=size, token=token)
        return [each.data for each in page.found], page.token

    def update(self, service: Json, mask: Sequence[str], *, validate_only: bool = False) -> Json:
        """Put what its maker sets, or what the mask names of it, in the place of what was."""
        name, now = str(service.get("name", "")), stamp(self._store.now())
        change = partial(_updated, service=service, mask=mask, now=now)
        found = self._found(name)
        return change(found).data if validate_only else self._store.change(name, change).data

    def delete(self, name: str, *, etag: str = "") -> Json:
        """Remove it."""
        found = self._found(name)
        _check_etag(found.data, etag)
        self._store.delete(name)
        return {**found.data, "deleteTime": stamp(self._store.now())}

    def policy(self, name: str) -> Json:
        """Its IAM policy."""
        policy: Json = self._found(name).kept.get("policy") or {"version": 1, "etag": "ACAB"}
        return policy

    def set_policy(self, name: str, policy: Json) -> Json:
        """Put another in its place. It is kept, and grants nothing here."""
        kept = {"version": 1, **policy, "etag": uuid.uuid4().hex[:8]}

        def change(found: Resource) -> Resource:
            before = found.kept.get("policy") or {"etag": "ACAB"}
            if policy.get("etag", before["etag"]) != before["etag"]:
                raise ApiError("ABORTED", "There were concurrent policy changes.")
            return replace(found, kept={**found.kept, "policy": kept})

        self._found(name)
        self._store.change(name, change)
        return kept

    def _found(self, name: str) -> Resource:
        found = self._store.find(name)
        if found is None:
            raise missing("SERVICE", name)
        return found


def _url(name: str) -> str:
    """Where nobody answers, and nobody ever will."""
    region, id = name.split("/")[3], ended_id(name)
    digest = hashlib.sha256(location_of(name).encode()).hexdigest()[:10]
    return f"https://{id}-{digest}.{region}.run.invalid"


def _data(made: Json, wanted: Json, generation: int, now: str) -> Json:
    ready = condition("Ready", "CONDITION_SUCCEEDED", now)
    revision = f"{made['name']}/revisions/{ended_id(made['name'])}-{generation:05}"
    return {
        **made,
        **wanted,
        "generation": str(generation),
        "observedGeneration": str(generation),
        "updateTime": now,
        "terminalCondition": ready,
        "latestReadyRevision": revision,
        "latestCreatedRevision": revision,
        "trafficStatuses": wanted["traffic"],
        "etag": f'"{made["uid"][:8]}-{generation}"',
    }


def _updated(found: Resource, service: Json, mask: Sequence[str], now: str) -> Resource:
    _check_etag(found.data, str(service.get("etag") or ""))
    wanted = masked(found.data, service, [*mask]) if mask else service
    made = {name: found.data[name] for name in _MADE if name in found.data}
    generation = int(found.data["generation"]) + 1
    return replace(found, data=_data(made, settled(wanted), generation, now))


def _check_etag(found: Json, etag: str) -> None:
    if etag and etag != found["etag"]:
        id = ended_id(found["name"])
        raise ApiError("ABORTED", f"Conflict for resource '{id}': it has another version by now.")
