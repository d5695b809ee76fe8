"""Jobs: what executions are started from, as JSON of google.cloud.run.v2.Job."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.conditions import condition
from common.localcloud.run.executions import Executions, check_etag
from common.localcloud.run.names import check_id, ended_id, missing, parent_of, stamp
from common.localcloud.run.overrides import overridden
from common.localcloud.run.paging import Listed
from common.localcloud.run.references import reference, with_started
from common.localcloud.run.spec import settled
from common.localcloud.store import Resource, Store

__all__ = ["Jobs"]

_TRIM = 50
"""By so many starts of a job its old executions are looked through once."""
_MADE = ("name", "uid", "createTime", "executionCount", "latestCreatedExecution")
"""What an update leaves as it is."""


class Jobs:
    """The jobs of all projects and regions. Every method but the readers raises ApiError."""

    def __init__(self, store: Store, executions: Executions) -> None:
        self._store = store
        self._executions = executions

    def create(self, parent: str, id: str, job: Json, *, validate_only: bool = False) -> Json:
        """Make one: of `job` count the fields that its maker sets."""
        check_id("job_id", id)
        now, name = self._store.now(), f"{parent}/jobs/{id}"
        made = {"name": name, "uid": str(uuid.uuid4()), "createTime": stamp(now)}
        data = _data(made, settled(job), generation=1, now=stamp(now))
        if validate_only:
            if self._store.find(name):
                raise ApiError("ALREADY_EXISTS", f"Resource '{id}' already exists.")
            return data
        return self._store.create(Resource(name=name, data=data, created=now)).data

    def get(self, name: str) -> Json:
        """The job, and of its latest execution how it stands. Raises ApiError NOT_FOUND."""
        self._executions.adopt(name)
        return self._shown(self._found(name))

    def list(self, parent: str, *, size: int = 0, token: str = "") -> Listed:
        """A page of a location's jobs, the newest first, and what asks for the next."""
        self._executions.adopt(f"{parent}/jobs/-")
        page = self._store.page(f"{parent}/jobs", size=size, token=token)
        return [self._shown(each) for each in page.found], page.token

    def update(
        self, job: Json, *, allow_missing: bool = False, validate_only: bool = False
    ) -> Json:
        """Put all that its maker sets in the place of what was; or make it, where that is allowed
        and there is none."""
        name, wanted = str(job.get("name") or ""), settled(job)
        if self._store.find(name) is None and allow_missing:
            parent = parent_of(name)
            return self.create(parent, ended_id(name), job, validate_only=validate_only)
        found = self._found(name)
        now, etag = stamp(self._store.now()), str(job.get("etag") or "")
        if validate_only:
            return _updated(found, wanted, etag=etag, now=now).data
        change = partial(_updated, wanted=wanted, etag=etag, now=now)
        return self._shown(self._store.change(name, change))

    def delete(self, name: str, *, etag: str = "", validate_only: bool = False) -> Json:
        """Remove it and its executions; those that run are ended."""
        shown = self.get(name)
        check_etag(shown, etag)
        if not validate_only:
            self._executions.clear(name)
            self._store.delete(name)
        return {**shown, "deleteTime": stamp(self._store.now())}

    def run(
        self,
        name: str,
        *,
        overrides: Json | None = None,
        etag: str = "",
        validate_only: bool = False,
    ) -> Json:
        """Start an execution, which is returned."""
        found = self._found(name)
        check_etag(found.data, etag)
        template = overridden(found.data["template"], overrides or {})
        if validate_only:
            return self._executions.planned(found.data, template)
        execution = self._executions.start(found.data, template)
        counted = self._store.change(name, partial(with_started, execution=execution))
        if counted.data["executionCount"] % _TRIM == 0:
            self._executions.trim(name)
        return execution

    def policy(self, name: str) -> Json:
        """Its IAM policy."""
        policy: Json = self._found(name).kept.get("policy") or {"version": 1, "etag": "ACAB"}
        return policy

    def set_policy(self, name: str, policy: Json) -> Json:
        """Put another in its place, which is kept and grants nothing here."""
        self._found(name)
        kept = {"version": 1, **policy, "etag": uuid.uuid4().hex[:8]}
        self._store.change(name, lambda it: replace(it, kept={**it.kept, "policy": kept}))
        return kept

    def _found(self, name: str) -> Resource:
        found = self._store.find(name)
        if found is None:
            raise missing("JOB", name)
        return found

    def _shown(self, found: Resource) -> Json:
        latest = found.data.get("latestCreatedExecution")
        if not latest:
            return found.data
        try:
            execution = self._executions.get(f"{found.name}/executions/{latest['name']}")
        except ApiError:  # it was deleted
            return found.data
        return {**found.data, "latestCreatedExecution": reference(execution)}


def _data(made: Json, wanted: Json, *, generation: int, now: str) -> Json:
    """A job's JSON: what it was made with, and what is wanted of it now."""
    return {
        **made,
        **wanted,
        "generation": str(generation),
        "observedGeneration": str(generation),
        "updateTime": now,
        "terminalCondition": condition("Ready", "CONDITION_SUCCEEDED", now),
        "etag": f'"{made["uid"][:8]}-{generation}"',
    }


def _updated(found: Resource, wanted: Json, etag: str, now: str) -> Resource:
    check_etag(found.data, etag)
    made = {name: found.data[name] for name in _MADE if name in found.data}
    generation = int(found.data["generation"]) + 1
    return replace(found, data=_data(made, wanted, generation=generation, now=now))
