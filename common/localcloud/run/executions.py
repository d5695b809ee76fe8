"""Executions: started from a job, read from where they run, and kept once they have ended."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from common.localcloud.errors import ApiError
from common.localcloud.rpc import Json
from common.localcloud.run.adoption import Adoption
from common.localcloud.run.engine import Engine
from common.localcloud.run.keeping import Keeper
from common.localcloud.run.names import ended_id, job_of, location_of, missing, stamp
from common.localcloud.run.paging import Listed, paged
from common.localcloud.run.resources import KEPT, base, has_ended, resource
from common.localcloud.run.standing import Standing
from common.localcloud.store import Resource, Store

__all__ = ["Executions", "check_etag"]


class Executions:
    """The executions of all jobs, as JSON of google.cloud.run.v2.Execution."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._adoption = Adoption(store, engine)
        self._keeper = Keeper(store, engine)

    def start(self, job: Json, template: Json) -> Json:
        """Start one, of a job's template with its overrides. Raises ApiError."""
        made = self._reserved(job, template)
        order = self._engine.order(made.id, ended_id(job["name"]), template)
        try:
            self._engine.start(made.name, order)
        except ApiError:
            self._store.drop(made)
            raise
        return self._keeper.shown(made)

    def planned(self, job: Json, template: Json) -> Json:
        """What would be started. Raises ApiError where it could not be."""
        made = self._made(job, template)
        self._engine.order(made.id, ended_id(job["name"]), template)
        return made.data

    def get(self, name: str) -> Json:
        """As it stands. Raises ApiError NOT_FOUND."""
        return self._keeper.shown(self._found(name))

    def list(self, job: str, *, size: int = 0, token: str = "") -> Listed:
        """A page of a job's executions, the newest first, and what asks for the next.

        `job` may be "-", for those of all jobs.
        """
        self.adopt(job)
        if ended_id(job) == "-":
            found = self._of_all(job)
            return paged([self._keeper.shown(each) for each in found], size=size, token=token)
        page = self._store.page(f"{job}/executions", size=size, token=token)
        return [self._keeper.shown(each) for each in page.found], page.token

    def delete(self, name: str, *, etag: str = "") -> Json:
        """Remove it from what is listed, and end it if it has not. Raises ApiError."""
        found = self._found(name)
        shown = self._keeper.shown(found)
        check_etag(shown, etag)
        self._remove([found])
        return {**shown, "deleteTime": stamp(self._store.now())}

    def cancel(self, name: str, *, etag: str = "") -> Json:
        """Have its tasks end. Raises ApiError FAILED_PRECONDITION where they have."""
        found = self._found(name)
        shown = self._keeper.shown(found)
        check_etag(shown, etag)
        if "completionTime" in shown:
            raise ApiError(
                "FAILED_PRECONDITION",
                f"Execution '{found.id}' has ended and cannot be cancelled.",
            )
        if self._engine.standing(found.id) is None:
            raise ApiError("UNAVAILABLE", f"Execution '{found.id}' is just being started.")
        self._store.change(name, _cancelled)
        self._engine.cancel(found.id)
        return self.get(name)

    def migrate(self, name: str) -> Json:
        """Move its tasks, as Cloud Run does now and then: SIGTSTP, a pause, SIGCONT."""
        found = self._found(name)
        if not self._engine.migrate(found.id):
            raise ApiError("FAILED_PRECONDITION", f"Execution '{found.id}' does not run.")
        return self._keeper.shown(found)

    def adopt(self, job: str) -> None:
        """Have those listed that a dispatcher on this machine has started of it."""
        if ended_id(job) == "-":
            found = list(self._store.all(f"{location_of(job)}/jobs"))
        else:
            found = [it for it in [self._store.find(job)] if it]
        for each in found:
            self._adoption.look(each)

    def standing(self, name: str) -> tuple[Json, Standing]:
        """The execution and how its tasks stand. Raises ApiError NOT_FOUND."""
        return self._keeper.standing(self._found(name))

    def trim(self, job: str) -> None:
        """Remove the oldest that have ended, beyond those that are kept."""
        ended = [it for it in self._store.all(f"{job}/executions") if has_ended(it.data)]
        self._remove(ended[KEPT:])

    def clear(self, job: str) -> None:
        """Remove all of a job, and end those that have not."""
        self.adopt(job)
        self._remove(list(self._store.all(f"{job}/executions")))

    def look(self) -> None:
        """Keep how those have ended at which nobody looked."""
        self._keeper.look()

    def _remove(self, executions: Iterable[Resource]) -> None:
        for each in executions:
            self._engine.forget(each.id)
            with suppress(ApiError):  # it was deleted meanwhile
                self._store.delete(each.name)

    def _found(self, name: str) -> Resource:
        found = self._store.find(name)
        if found is None:
            self.adopt(job_of(name))
            found = self._store.find(name)
        if found is None:
            raise missing("EXECUTION", name)
        return found

    def _of_all(self, job: str) -> Iterable[Resource]:
        jobs = self._store.all(f"{location_of(job)}/jobs")
        found = [it for job in jobs for it in self._store.all(f"{job.name}/executions")]
        return sorted(found, key=lambda it: it.created, reverse=True)

    def _reserved(self, job: Json, template: Json) -> Resource:
        """Kept before it is started, so that it is not lost by a crash; the id is its own."""
        self.planned(job, template)
        while True:
            try:
                return self._store.create(self._made(job, template))
            except ApiError as error:
                if error.status != "ALREADY_EXISTS":
                    raise

    def _made(self, job: Json, template: Json) -> Resource:
        now, id = self._store.now(), self._engine.new_id(ended_id(job["name"]))
        return resource(base(f"{job['name']}/executions/{id}", job, template, stamp(now)), now)


def check_etag(shown: Json, etag: str) -> None:
    """Raise ABORTED where somebody has changed it since."""
    if etag and etag != shown["etag"]:
        raise ApiError("ABORTED", f"'{ended_id(shown['name'])}' has another etag by now.")


def _cancelled(found: Resource) -> Resource | None:
    if found.kept.get("cancelled"):
        return None
    return replace(found, kept={**found.kept, "cancelled": True})
