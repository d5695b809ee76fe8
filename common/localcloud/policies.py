"""Who may do what: policies are kept, and nobody is refused by them.

Whoever asks whether they may is told so, but of what is in `denied`: for the tests of those who
ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.store import Resource, Store

__all__ = ["Policies"]


class Policies:
    """The IAM policies of projects and service accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.denied: set[str] = set()
        """Permissions that nobody has."""

    def rpcs(self, path: str) -> tuple[Rpc, ...]:
        """The three calls for what a path, with a field `resource`, names."""
        return (
            self._rpc(f"{path}:getIamPolicy", self.get),
            self._rpc(f"{path}:setIamPolicy", self.set),
            self._rpc(f"{path}:testIamPermissions", self.test),
        )

    def get(self, call: Call) -> Json:
        """The policy that was set, or an empty one."""
        found = self._store.find(_name(call))
        return found.data if found else {"version": 1, "etag": "ACAB"}

    def set(self, call: Call) -> Json:
        """Put another in its place, unless it has changed since it was read."""
        name, asked, now = _name(call), call.message("policy"), self._store.now()
        _check_etag(asked, self.get(call))
        data = {"version": 1, **asked, "etag": uuid.uuid4().hex[:12]}
        if self._store.find(name) is None:
            return self._store.create(Resource(name=name, data=data, created=now)).data

        def changed(found: Resource) -> Resource:
            _check_etag(asked, found.data)
            return replace(found, data=data)

        return self._store.change(name, changed).data

    def test(self, call: Call) -> Json:
        """Which of some permissions whoever calls has."""
        asked = call.texts("permissions")
        return {"permissions": [each for each in asked if each not in self.denied]}

    @staticmethod
    def _rpc(path: str, answer: Callable[[Call], Json]) -> Rpc:
        return Rpc(verb="POST", path=path, answer=answer, body="*")


def _name(call: Call) -> str:
    resource = call.text("resource")
    return f"{resource if '/' in resource else f'projects/{resource}'}/policy"


def _check_etag(asked: Json, found: Json) -> None:
    if asked.get("etag", found["etag"]) != found["etag"]:
        raise ApiError("ABORTED", "There were concurrent policy changes: read it and try again.")
