"""The ledger: every run there is, and the only way to change one.

Each transition reads the run, asks the state machine, and writes the difference in one commit that
holds only if nobody wrote the run in between; else it asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from common.documents import Conflict, Create, Document, Documents, Query, Update, Write
from common.ids import random_id
from common.runs import transitions
from common.runs.codec import (
    changes,
    execution_data,
    is_readable,
    read_execution,
    read_run,
    run_data,
)
from common.runs.errors import KeyReused, NoSuchRun
from common.runs.following import follow
from common.runs.records import Execution, Run, State, Worker

__all__ = ["LEASE", "Runs"]

RUNS = "runs"
EXECUTIONS = "executions"

LEASE = timedelta(seconds=60)
START = timedelta(minutes=5)
"""How long a started execution may take until its tasks claim their runs; cold starts included."""

Step = Callable[[Run], Run]


class Runs:
    """All runs and executions in a documents store."""

    def __init__(self, documents: Documents, *, lease: timedelta = LEASE) -> None:
        self.documents = documents
        self.lease = lease

    # --- reading

    def find(self, id: str) -> Run | None:
        """The run, if there is one."""
        document = self.documents.get(RUNS, id)
        return None if document is None else read_run(document)

    def get(self, id: str) -> Run:
        """The run; raises NoSuchRun."""
        run = self.find(id)
        if run is None:
            raise NoSuchRun(id)
        return run

    def list(
        self,
        where: Mapping[str, str] | None = None,
        *,
        limit: int | None = None,
        after: Run | None = None,
    ) -> list[Run]:
        """Runs, newest first, with these values of job, state, tenant, batch.

        Those that a newer runjobs wrote, with a schema that is not known here, are left out.
        """
        query = Query(
            RUNS,
            where=tuple((field, "==", value) for field, value in (where or {}).items()),
            order=("-created",),
            limit=limit,
            after=None if after is None else _position(after),
        )
        return [read_run(found) for found in self.documents.query(query) if is_readable(found)]

    def execution(self, id: str) -> Execution | None:
        """The execution of that id (ours, not the platform's), if there is one."""
        document = self.documents.get(EXECUTIONS, id)
        return None if document is None else read_execution(document)

    # --- submitting

    def submit(self, run: Run) -> Run:
        """Accept a run; where one of its id is there already, that one comes back.

        An id derived from an idempotency key makes the same work the same run. Raises KeyReused
        where the other one has other params.
        """
        return self._create_or(run, lambda found: _same(found, run))

    def begin(self, run: Run, worker: Worker) -> Run:
        """Accept a run for the very task that asks, claimed from the start, in one commit.

        Where it is there already (the platform tried the task again), it is claimed as it stands.
        """
        claimed = transitions.claim(
            run, token=random_id(), worker=worker, now=run.created, lease=self.lease
        )
        return self._create_or(claimed, lambda _: self.claim(run.id, worker))

    # --- dispatching

    def reserve(self, runs: Sequence[Run], *, start: timedelta = START) -> Execution:
        """Take due runs of one job for one execution, all or none. Raises Conflict, Refused."""
        now = self.documents.now()
        execution = Execution(
            id=random_id(),
            job=runs[0].job,
            runs=tuple(run.id for run in runs),
            reserved=now,
            start_by=now + start,
        )
        writes: list[Write] = [Create(EXECUTIONS, execution.id, execution_data(execution))]
        for task, run in enumerate(runs):
            step = transitions.reserve(
                run, execution=execution.id, task=task, now=now, start_by=execution.start_by
            )
            writes += self._writes(run, step)
        self.documents.commit(writes)
        return execution

    def started(self, execution: Execution, name: str) -> None:
        """Note what the platform calls an execution that it has accepted."""
        self.documents.update(
            EXECUTIONS, execution.id, lambda found: {"name": name} if found else None
        )

    def release(self, execution: Execution) -> None:
        """Give back what was reserved for an execution that was not started."""
        for id in execution.runs:
            self._change(id, lambda run: transitions.release(run, execution=execution.id))

    def unclaimed(self, run: Run, reason: str) -> Run:
        """Take back a run that no task has claimed, or will."""
        return self._change(
            run.id,
            lambda found: transitions.unclaimed(
                found, execution=run.execution or "", now=self.documents.now(), reason=reason
            ),
        )

    # --- working

    def claim(self, id: str, worker: Worker) -> Run:
        """Own the run with a new token, or raise NotClaimable.

        A run whose owner is known to be gone is rescued first: its lease has run out, or the
        platform, which tries a task again only once it has ended, tries this one again.
        """
        token = random_id()
        while True:
            run = self.get(id)
            now = self.documents.now()
            reason = _gone(run, worker, now)
            if reason is None:
                break
            self._rescue(run, reason, patient=False)  # for it is claimed right away
        return self.apply(
            run,
            lambda run: transitions.claim(
                run, token=token, worker=worker, now=self.documents.now(), lease=self.lease
            ),
        )

    def apply(self, run: Run, step: Step) -> Run:
        """Take a step from a run as it was last seen; read it only if it has changed since."""
        try:
            return self._commit(run, step(run))
        except Conflict:
            return self._change(run.id, step)

    # --- mending

    def rescue(self, run: Run, reason: str) -> Run:
        """Take a run from an attempt that is known to be gone."""
        return self._rescue(run, reason, patient=True)

    def cancel(self, id: str) -> Run:
        """Cancel what has not begun; ask what is running to stop."""
        return self._change(
            id, lambda run: transitions.request_cancel(run, now=self.documents.now())
        )

    def replay(self, id: str) -> Run:
        """Try a failed run again, from a new count of attempts. Raises Refused."""
        return self._change(id, lambda run: transitions.replay(run, now=self.documents.now()))

    # --- how

    def _rescue(self, run: Run, reason: str, *, patient: bool) -> Run:
        return self._change(
            run.id,
            lambda found: transitions.rescue(
                found,
                token=run.token,
                now=self.documents.now(),
                reason=reason,
                patient=patient,
            ),
        )

    def _change(self, id: str, step: Step) -> Run:
        def once() -> Run:
            run = self.get(id)
            return self._commit(run, step(run))

        return self.documents.optimistic(once)

    def _commit(self, old: Run, new: Run) -> Run:
        if new is old:
            return old
        version = self.documents.commit(list(self._writes(old, new)))[0]
        return replace(new, version=version or "")

    def _create_or(self, run: Run, there: Step) -> Run:
        """Create the run, or do with the one that is there already."""

        def once() -> Run:
            try:
                return self._create(run)
            except Conflict:
                found = self.find(run.id)
                if found is None:  # then it was with what follows the run
                    raise
                return there(found)

        return self.documents.optimistic(once)

    def _create(self, run: Run) -> Run:
        writes = [Create(RUNS, run.id, run_data(run)), *follow(self.documents, None, run)]
        version = self.documents.commit(writes)[0]
        return replace(run, version=version or "")

    def _writes(self, old: Run, new: Run) -> Iterator[Write]:
        yield Update(RUNS, old.id, changes(old, new), old.version)
        yield from follow(self.documents, old, new)


def _position(run: Run) -> Document:
    """Where a run stands in a list, whether it is there still or not."""
    return Document(RUNS, run.id, {"created": run.created}, version="", token="")


def _same(found: Run, asked: Run) -> Run:
    if (found.job, found.params) != (asked.job, asked.params):
        raise KeyReused(
            f"Key {asked.key!r} already names run {found.id} of {found.job}, which has other "
            "params: use another key for other work."
        )
    return found


def _gone(run: Run, worker: Worker, now: datetime) -> str | None:
    """Why the run's owner is known to be gone, if it is."""
    if transitions.is_lost(run, now=now):
        return "Its heartbeat stopped: the process was killed, or cut off."
    owner = run.attempt(run.token) if run.state is State.RUNNING else None
    if owner is None or (owner.worker.name, owner.worker.task) != (worker.name, worker.task):
        return None
    if owner.worker.task_attempt < worker.task_attempt:
        return "Its task ended without finishing it, and was tried again."
    return None
