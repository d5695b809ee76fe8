"""Jobs of Cloud Scheduler: what is asked about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from common.ids import random_id
from common.localcloud.errors import ApiError, invalid
from common.localcloud.kinds import MESSAGE, check
from common.localcloud.masks import masked, paths
from common.localcloud.rpc import Call, Json
from common.localcloud.scheduler.fields import check_name, job_fields
from common.localcloud.scheduler.firing import enabled, forced, paused, planned
from common.localcloud.store import Resource, Store
from common.localcloud.values import timestamp

__all__ = ["Jobs"]

_PREFIX = "scheduler/"
"""Jobs of Cloud Run have the same names."""
_CHANGEABLE = {
    "description",
    "httpTarget",
    "pubsubTarget",
    "appEngineHttpTarget",
    "schedule",
    "timeZone",
    "retryConfig",
    "attemptDeadline",
}
_HEADERS = "httpTarget.headers"
_OUTPUT = {"name", "state", "status", "lastAttemptTime", "scheduleTime", "userUpdateTime"}


class Jobs:
    """The jobs of a store. `tell` is called when there may be something to do."""

    def __init__(self, store: Store, tell: Callable[[], None]) -> None:
        self._store = store
        self._tell = tell

    def create(self, call: Call) -> Json:
        """CreateJob."""
        job, parent, now = call.message("job"), call.text("parent"), self._store.now()
        name = str(job.get("name") or f"{parent}/jobs/{random_id()}")
        check_name(name, parent)
        data = {"name": name, **job_fields(job), "state": "ENABLED"}
        data["userUpdateTime"] = timestamp(now, whole=True)
        new = Resource(name=_PREFIX + name, data=data, created=now)
        try:
            made = self._store.create(planned(new, data, now))
        except ApiError:
            raise ApiError("ALREADY_EXISTS", f"Job {name} already exists.") from None
        self._tell()
        return made.data

    def get(self, call: Call) -> Json:
        """GetJob."""
        return self._get(call.text("name")).data

    def list(self, call: Call) -> Json:
        """ListJobs."""
        page = self._store.page(
            f"{_PREFIX}{call.text('parent')}/jobs",
            size=call.number("pageSize"),
            token=call.text("pageToken"),
        )
        return {"jobs": [each.data for each in page.found], "nextPageToken": page.token}

    def update(self, call: Call) -> Json:
        """UpdateJob: what the mask names or, without one, all that is said."""
        job, mask = call.message("job"), paths(call.fields.get("updateMask"))
        return self._changed(
            str(job.get("name", "")),
            lambda found: _updated(found, job, mask, self._store.now()),
        )

    def delete(self, call: Call) -> Json:
        """DeleteJob."""
        self._store.delete(self._get(call.text("name")).name)
        return {}

    def pause(self, call: Call) -> Json:
        """PauseJob."""
        return self._changed(call.text("name"), paused)

    def resume(self, call: Call) -> Json:
        """ResumeJob."""
        return self._changed(call.text("name"), lambda found: enabled(found, self._store.now()))

    def run(self, call: Call) -> Json:
        """RunJob: also of one that is paused."""
        return self._changed(call.text("name"), lambda found: forced(found, self._store.now()))

    def _changed(self, name: str, change: Callable[[Resource], Resource]) -> Json:
        changed = self._store.change(self._get(name).name, change)
        self._tell()
        return changed.data

    def _get(self, name: str) -> Resource:
        if (found := self._store.find(_PREFIX + name)) is None:
            raise ApiError("NOT_FOUND", f"Job not found: {name}")
        return found


def _updated(found: Resource, job: Json, mask: list[str], now: datetime) -> Resource:
    mask = mask or sorted(job.keys() & _CHANGEABLE)
    asked = [path for path in mask if path.split(".")[0] in _CHANGEABLE]
    if strange := set(mask) - set(asked) - _OUTPUT:
        raise invalid("updateMask", f"{min(strange)} is no field of a job that can be changed.")
    said = masked(found.data, job, asked)
    if _HEADERS in asked:
        _merge_headers(said, found.data)
    fields = job_fields(said)
    kept = {name: found.data[name] for name in _OUTPUT if name in found.data}
    update = {"userUpdateTime": timestamp(now, whole=True)}
    return planned(found, {**kept, **fields, **update}, now)


def _merge_headers(said: Json, before: Json) -> None:
    """Headers that are named join those that there were; one without a value goes."""
    if new := said["httpTarget"].get("headers"):
        check(f"job.{_HEADERS}", new, MESSAGE)
        headers = {**before["httpTarget"]["headers"], **new}
        said["httpTarget"]["headers"] = {name: value for name, value in headers.items() if value}
