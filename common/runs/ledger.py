"""The ledger: every run there is, and the only way to change one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from common.documents import Conflict, Create, Documents, Write
from common.ids import random_id
from common.runs import transitions
from common.runs.codec import RUNS, execution_data, run_data
from common.runs.errors import KeyReused, NotClaimable
from common.runs.places import LOOK
from common.runs.reader import EXECUTIONS
from common.runs.records import Execution, Run, State, Worker
from common.runs.writer import Writer

__all__ = ["LEASE", "MOST_TASKS", "Runs"]

LEASE = timedelta(seconds=60)
START = timedelta(minutes=5)
"""How long a started execution may take until its tasks claim their runs; cold starts included."""

_PART = 440
"""Runs that are submitted in one commit."""
_EXECUTIONS_KEPT = timedelta(days=30)
MOST_TASKS = 400
"""Of one execution; each is a write in the commit that reserves it."""


class Runs(Writer):
    """All runs and executions in a documents store."""

    def __init__(self, documents: Documents, *, lease: timedelta = LEASE) -> None:
        super().__init__(documents)
        self.lease = lease

    # --- submitting

    def submit(self, run: Run) -> Run:
        """Accept a run; where one of its id is there already, that one comes back.

        An id derived from an idempotency key makes the same work the same run. Raises KeyReused
        where the other one has other params.
        """
        return self._create_or(run, lambda found: _same(found, run))

    def submit_many(self, runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
        """Accept runs, in parts that are yielded once they are in the ledger.

        Those of which one with the same id is there already come back as they are there; the
        others have no version yet, and are read again by whoever changes them.
        """
        for at in range(0, len(runs), _PART):
            yield self._submit_part(runs[at : at + _PART])

    def _submit_part(self, runs: Sequence[Run]) -> Sequence[Run]:
        if any(run.follows for run in runs):
            return [self.submit(run) for run in runs]
        try:
            self.documents.commit([Create(RUNS, run.id, run_data(run)) for run in runs])
        except Conflict:
            return [self.submit(run) for run in runs]
        return runs

    def begin(self, run: Run, worker: Worker) -> Run:
        """Accept a run for the very task that asks, claimed from the start, in one commit.

        Where it is there already (the platform tried the task again), it is claimed as it stands.
        """
        claimed = transitions.claim(
            run, token=random_id(), worker=worker, now=run.created, lease=self.lease
        )
        return self._create_or(claimed, lambda _: self.claim(run.id, worker))

    # --- dispatching

    def reserve(
        self,
        runs: Sequence[Run],
        *,
        beside: Sequence[Write] = (),
        most: int = MOST_TASKS,
        start: timedelta = START,
    ) -> tuple[Execution, ...]:
        """Take due runs for executions, of one job and at most so many tasks each: all or none.

        The writes `beside` are made in the same commit. Raises Conflict, Refused.
        """
        now = self.documents.now()
        executions = []
        writes = [*beside]
        for group in _groups(runs, most):
            execution = Execution(
                id=random_id(),
                job=group[0].job,
                runs=tuple(run.id for run in group),
                reserved=now,
                start_by=now + start,
                look_at=now + LOOK,
                expires=now + _EXECUTIONS_KEPT,
            )
            executions.append(execution)
            writes.append(Create(EXECUTIONS, execution.id, execution_data(execution)))
            for task, run in enumerate(group):
                writes += self._writes(run, _reserved(run, execution, task))
        self.documents.commit(writes)
        return tuple(executions)

    def started(self, execution: Execution, name: str) -> None:
        """Note what the platform calls an execution that it has accepted."""
        self._settle(execution, name)

    def release(self, execution: Execution, *, wait: timedelta = timedelta()) -> None:
        """Give back what was reserved for an execution that was not started, due after `wait`."""
        now = self.documents.now()
        for id in execution.runs:
            self._change(
                id,
                lambda run: transitions.release(run, execution=execution.id, now=now, wait=wait),
            )
        self._settle(execution, None)

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
        platform, which tries a task again only once it has ended, tries this one again. A task that
        was started for reserved runs gets none that is pending again: its slot was given back.
        """
        token = random_id()
        claimed = self._change(id, lambda run: self._claimed(run, token, worker))
        if claimed.token != token:
            raise NotClaimable(f"Run {id} is {claimed.state} already.")
        return claimed

    # --- mending

    def rescue(self, run: Run, reason: str) -> Run:
        """Take a run from an attempt that is known to be gone."""
        return self._change(
            run.id,
            lambda found: transitions.rescue(
                found, token=run.token, now=self.documents.now(), reason=reason, patient=True
            ),
        )

    def cancel(self, id: str) -> Run:
        """Cancel what has not begun; ask what is running to stop."""
        return self._change(
            id, lambda run: transitions.request_cancel(run, now=self.documents.now())
        )

    def replay(self, id: str) -> Run:
        """Try a failed run again, from a new count of attempts. Raises Refused."""
        return self._change(id, lambda run: transitions.replay(run, now=self.documents.now()))

    # --- how

    def _settle(self, execution: Execution, name: str | None) -> None:
        self.documents.update(
            EXECUTIONS,
            execution.id,
            lambda found: {"name": name, "look_at": None} if found else None,
        )

    def _claimed(self, run: Run, token: str, worker: Worker) -> Run:
        """The run as claimed, or as it is rescued where it is not to be had after that."""
        now = self.documents.now()
        if reason := _gone(run, worker, now):
            # Both in one commit: between two a dispatcher would see a slot, and fill it.
            run = transitions.rescue(run, token=run.token, now=now, reason=reason)
            if run.state is not State.PENDING:
                return run
        elif run.state is State.PENDING and worker.execution is not None:
            raise NotClaimable(f"Run {run.id} is reserved for this task no more.")
        return transitions.claim(run, token=token, worker=worker, now=now, lease=self.lease)


def _groups(runs: Sequence[Run], most: int) -> Iterator[list[Run]]:
    """The runs of each job, in order, in parts of at most that size."""
    by_job: dict[str, list[Run]] = {}
    for run in runs:
        by_job.setdefault(run.job, []).append(run)
    for group in by_job.values():
        yield from (group[at : at + most] for at in range(0, len(group), most))


def _reserved(run: Run, execution: Execution, task: int) -> Run:
    return transitions.reserve(
        run,
        execution=execution.id,
        task=task,
        now=execution.reserved,
        start_by=execution.start_by,
    )


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
