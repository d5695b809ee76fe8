"""Resources that have a name of ours: read, compared, made, changed and deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from common.deploy.api import Api
from common.deploy.compare import Change, differences, merged
from common.deploy.errors import Denied, NotOurs, NotThere
from common.deploy.kind import Kind
from common.deploy.plan import CREATE, DELETE, KEEP, LEFT, UPDATE, Step
from common.errors import Unavailable

__all__ = ["Resources"]

Json = dict[str, Any]

_LOOKS = 180


class Resources:
    """Those of one kind in one place."""

    def __init__(
        self,
        api: Api,
        kind: Kind,
        parent: str,
        wanted: Mapping[str, Json],
        *,
        spared: Collection[str] = (),
    ) -> None:
        """`wanted` by their ids; those that are `spared`, if they are there, stay as they are."""
        self._api, self._kind, self._parent, self._wanted = api, kind, parent, wanted
        self._declared = {*wanted, *spared}
        self._unsettled: set[str] = set()

    def steps(self, *, prune: bool) -> Iterator[Step]:
        """One for each that is wanted, and for each of ours that is not declared."""
        for id, wanted in self._wanted.items():
            yield self._step(id, wanted)
        if self._kind.is_ours is not None:
            yield from (self._removal(id, prune=prune) for id in self._left())

    def settle(self) -> None:
        """Each step has waited for its own; wait for what was begun before, by whoever was killed
        since. Raises Denied where that failed."""
        for id in self._wanted:
            if id in self._unsettled:
                self._settle(id)

    def find(self, id: str) -> Json | None:
        """The resource as it is. Raises NotOurs for somebody else's."""
        try:
            found = self._call("GET", f"/{id}", field="name")
        except NotThere:
            return None
        self._check_mark(id, found)
        return found

    def ensure(self, id: str) -> None:
        """Make or change it, whatever somebody else does meanwhile."""
        self._api.insist(partial(self._ensure, id))

    def _ensure(self, id: str) -> None:
        wanted, found = self._wanted[id], self.find(id)
        if found is None:
            self._done(id, self._create(id, wanted))
        elif differences(wanted, found) or _failed(found):
            self._done(id, self._update(id, wanted, found))

    def _step(self, id: str, wanted: Json) -> Step:
        found = self.find(id)
        changes = [] if found is None else [*differences(wanted, found), *_failed(found)]
        action = CREATE if found is None else UPDATE if changes else KEEP
        if action == KEEP and found and found.get("reconciling"):
            self._unsettled.add(id)
        do = partial(self.ensure, id)
        return Step(action=action, kind=self._kind.title, name=id, changes=changes, do=do)

    def _settle(self, id: str) -> None:
        for looks in range(1, _LOOKS):
            found = self.find(id) or {}
            if not found.get("reconciling"):
                if failed := _failed(found):
                    raise Denied(f"{self._kind.title} {id} failed: {failed[0].old}")
                return
            self._api.rest(looks)
        raise Unavailable(f"{self._kind.title} {id} is not done yet: deploy again later.")

    def _create(self, id: str, wanted: Json) -> Json:
        kind = self._kind
        if kind.id_field:
            return self._call("POST", "", query={kind.id_field: id}, body=wanted, field="name")
        return self._call("POST", "", body={"name": self._name(id), **wanted}, field="name")

    def _update(self, id: str, wanted: Json, found: Json) -> Json:
        if self._kind.by_mask:
            changed = {name: merged(value, found.get(name)) for name, value in wanted.items()}
            query = {"updateMask": ",".join(wanted)}
            body = {"name": self._name(id), **changed}
            return self._call("PATCH", f"/{id}", query=query, body=body, field="name")
        body = merged(wanted, found)
        body["template"].pop("revision", None)  # a new one may not have the old one's name
        return self._call("PATCH", f"/{id}", body=body, field="name")

    def _removal(self, id: str, *, prune: bool) -> Step:
        action = DELETE if prune else LEFT
        do = partial(self._delete, id)
        return Step(action=action, kind=self._kind.title, name=id, do=do)

    def _delete(self, id: str) -> None:
        if self._kind.in_use and (why := self._kind.in_use(self._api, self._name(id))):
            raise Unavailable(f"{self._kind.title} {id} is not deleted: {why}.")
        try:
            if self.find(id) is not None:
                self._done(id, self._call("DELETE", f"/{id}"))
        except NotThere:
            return  # which is what was wanted

    def _left(self) -> list[str]:
        is_ours, kind = self._kind.is_ours, self._kind
        path = f"{kind.version}/{self._parent}/{kind.collection}"
        return [
            id
            for found in self._api.listed(kind.service, path, kind.collection)
            if is_ours and is_ours(found) and (id := _id(found)) not in self._declared
        ]

    def _check_mark(self, id: str, found: Json) -> None:
        kind = self._kind
        if kind.is_ours is not None and not kind.is_ours(found):
            raise NotOurs(
                f"{kind.title} {id} is there already, and was not made by runjobs deploy. "
                f"If it may be changed: {kind.adopt.format(name=id)}."
            )

    def _call(self, verb: str, rest: str, **options: Any) -> Json:
        kind = self._kind
        path = f"{kind.version}/{self._parent}/{kind.collection}{rest}"
        return self._api.call(verb, kind.service, path, **options)

    def _done(self, id: str, answer: Json) -> None:
        """Some APIs answer with an operation, others with the resource."""
        if "/operations/" in str(answer.get("name")):
            what = f"{self._kind.title} {id}"
            self._api.finish(self._kind.service, self._kind.version, answer, what=what)

    def _name(self, id: str) -> str:
        return f"{self._parent}/{self._kind.collection}/{id}"


def _id(found: Json) -> str:
    return str(found["name"]).rpartition("/")[2]


def _failed(found: Json) -> list[Change]:
    """What was wanted was set, and the platform could not do it: so it is set again."""
    condition = found.get("terminalCondition") or {}
    if condition.get("state") != "CONDITION_FAILED":
        return []
    said = condition.get("message") or condition.get("reason") or "failed"
    return [Change(field="terminalCondition", old=said, new="CONDITION_SUCCEEDED")]
