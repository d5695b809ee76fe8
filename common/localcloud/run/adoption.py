"""Executions that a dispatcher on this machine started: they are listed like all others.

The local executor knows nothing of the local cloud. So whoever looks at a job looks for folders
that the store does not know, and makes them executions of that job.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from common.dispatch.executors.folder import Folder
from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.engine import Engine
from common.localcloud.run.names import ended_id, location_of, stamp
from common.localcloud.run.overrides import overridden
from common.localcloud.run.references import with_started
from common.localcloud.run.resources import KEPT, base, resource
from common.localcloud.store import Resource, Store

__all__ = ["Adoption"]


class Adoption:
    """Finds executions of the project and region that this machine's settings name."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._known: set[tuple[str, str]] = set()
        """Jobs and folders that begin like them, which need no other look."""

    def look(self, job: Resource) -> None:
        """Adopt a job's executions of which nothing is kept."""
        if location_of(job.name) != self._engine.location:
            return
        strangers = list(self._strangers(ended_id(job.name)))
        if not strangers:
            return
        listed = {each.id for each in self._store.all(f"{job.name}/executions")}
        found = [self._made(job, it) for it in strangers if it.path.name not in listed]
        made = [each for each in found if self._is_new(each)]
        if made:
            latest = max(made, key=lambda each: each.created).data
            count = len(made)
            with suppress(ApiError):  # the job was deleted meanwhile
                self._store.change(job.name, lambda it: with_started(it, latest, count=count))

    def _strangers(self, job: str) -> Iterator[Folder]:
        """Of that job, and not started by the local cloud: the newest."""
        found = []
        for name in self._unknown(job):
            folder = self._engine.folder(name)
            asked = folder.asked
            if not asked:  # it is just being made
                continue
            self._known.add((job, name))
            whose = asked.get("job") or name.rpartition("-")[0]
            if whose == job and "resource" not in asked and not folder.is_unlisted:
                found.append(folder)
        return iter(sorted(found, key=lambda it: it.made_at, reverse=True)[:KEPT])

    def _unknown(self, job: str) -> list[str]:
        try:
            names = [path.name for path in self._engine.home.iterdir()]
        except FileNotFoundError:
            return []
        return [it for it in names if it.startswith(f"{job}-") and (job, it) not in self._known]

    def _made(self, job: Resource, folder: Folder) -> Resource:
        created = datetime.fromtimestamp(folder.made_at, UTC)
        template = _template(job, folder)
        name = f"{job.name}/executions/{folder.path.name}"
        return resource(base(name, job.data, template, stamp(created)), created)

    def _is_new(self, made: Resource) -> bool:
        try:
            self._store.create(made)
        except ApiError:
            return False
        return True


def _template(job: Resource, folder: Folder) -> Json:
    asked = folder.asked
    variable = {"name": "RUNJOBS_EXECUTION", "value": asked.get("execution", "")}
    overrides = {"taskCount": asked.get("tasks", 1), "containerOverrides": [{"env": [variable]}]}
    template = overridden(job.data["template"], overrides)
    return {**template, "template": {**template["template"], "maxRetries": 0}}
