"""Long-running operations: what calls that change something answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.conditions import FAILED
from common.localcloud.run.executions import Executions
from common.localcloud.run.names import location_of
from common.localcloud.run.paging import Listed
from common.localcloud.store import Resource, Store

__all__ = ["AGENDA", "Operations"]

AGENDA = "run-operations"
_KEPT = timedelta(days=7)
_WAIT, _LONGEST = 0.02, 0.5
"""Seconds between two looks of who waits, at first and at last."""
_MOST = 60.0
"""Seconds that anybody may wait in one call."""
_JOB, _EXECUTION = (f"type.googleapis.com/google.cloud.run.v2.{it}" for it in ("Job", "Execution"))
_INTERNAL = 13


class Operations:
    """The operations of all locations, as JSON of google.longrunning.Operation."""

    def __init__(
        self,
        store: Store,
        executions: Executions,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._executions = executions
        self._sleep = sleep
        self._monotonic = monotonic

    def of_job(self, job: Json) -> Json:
        """Of what was done to a job, which takes no time here."""
        typed = {"@type": _JOB, **job}
        return self._keep(job["name"], {"metadata": typed, "done": True, "response": typed})

    def done(self, execution: Json) -> Json:
        """Of what was done to an execution at once."""
        typed = {"@type": _EXECUTION, **execution}
        return self._keep(execution["name"], {"metadata": typed, "done": True, "response": typed})

    def until_ended(self, execution: Json) -> Json:
        """Done when an execution has ended."""
        kept = {"execution": execution["name"]}
        return self._keep(execution["name"], _of_execution(execution), kept)

    def get(self, name: str) -> Json:
        """As it stands. Raises ApiError NOT_FOUND."""
        return self._shown(self._store.get(name))

    def list(self, location: str, *, size: int = 0, token: str = "") -> Listed:
        """A page of them, the newest first, and what asks for the next."""
        page = self._store.page(f"{location}/operations", size=size, token=token)
        return [self._shown(each) for each in page.found], page.token

    def delete(self, name: str) -> None:
        """Forget it; what it is about goes on. Raises ApiError NOT_FOUND."""
        self._store.delete(name)

    def wait(self, name: str, timeout: float) -> Json:
        """As it stands once it is done, or when the time is over, or a minute: a thread waits."""
        until, pause = self._monotonic() + min(timeout, _MOST), _WAIT
        while True:
            found = self.get(name)
            left = until - self._monotonic()
            if found.get("done") or left <= 0:
                return found
            self._sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST)

    def look(self) -> None:
        """Remove what has been kept long enough."""
        for each in self._store.due(AGENDA, self._store.now()):
            self._store.drop(each)

    def _keep(self, about: str, data: Json, kept: Json | None = None) -> Json:
        name, now = f"{location_of(about)}/operations/{uuid.uuid4()}", self._store.now()
        made = Resource(
            name=name,
            data={"name": name, **data},
            kept=kept or {},
            created=now,
            agenda=AGENDA,
            due=now + _KEPT,
        )
        return self._store.create(made).data

    def _shown(self, found: Resource) -> Json:
        name = found.kept.get("execution")
        if not name:
            return found.data
        try:
            execution = self._executions.get(name)
        except ApiError as error:
            gone = {"code": 5, "message": error.message}
            return {
                "name": found.name,
                "metadata": found.data["metadata"],
                "done": True,
                "error": gone,
            }
        return {"name": found.name, **_of_execution(execution)}


def _of_execution(execution: Json) -> Json:
    """Of one that was cancelled it says no error, as Cloud Run's does:
    https://github.com/apache/airflow/issues/57791"""
    typed = {"@type": _EXECUTION, **execution}
    if "completionTime" not in execution:
        return {"metadata": typed}
    completed = next(it for it in execution["conditions"] if it["type"] == "Completed")
    if completed["state"] == FAILED and not execution.get("cancelledCount"):
        error = {"code": _INTERNAL, "message": completed["message"]}
        return {"metadata": typed, "done": True, "error": error}
    return {"metadata": typed, "done": True, "response": typed}
