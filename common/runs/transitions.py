"""The state machine: each way from one state to another, as a pure function of the run.

A transition returns the run as it shall be, or raises Refused. One that has happened already, by
the same token, returns the run as it is: so each may be repeated when its answer was lost. What
becomes of a run by the end of an attempt is in endings.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from common.backoff import backoff
from common.runs import endings
from common.runs.errors import LeaseLost, NotClaimable, Refused
from common.runs.records import Attempt, Failure, Outcome, Progress, Run, State, Worker, evolve

__all__ = [
    "checkpoint",
    "claim",
    "fail",
    "give_back",
    "is_lost",
    "release",
    "renew",
    "replay",
    "reschedule",
    "request_cancel",
    "rescue",
    "reserve",
    "ripen",
    "stop",
    "succeed",
    "unclaimed",
]

MAX_UNCLAIMED = 5
"""Starts in a row that come to nothing."""


def reserve(run: Run, *, execution: str, task: int, now: datetime, start_by: datetime) -> Run:
    """pending → starting: a dispatcher takes it for task `task` of an execution."""
    if run.state is State.STARTING and run.execution == execution:
        return run
    if run.state is not State.PENDING or run.due > now:
        raise Refused(f"Run {run.id} is {run.state} and cannot be reserved.")
    return evolve(
        run,
        state=State.STARTING,
        execution=execution,
        task=task,
        reserved=now,
        start_by=start_by,
    )


def release(run: Run, *, execution: str, now: datetime, wait: timedelta = timedelta()) -> Run:
    """starting → pending: the execution was refused. Without `wait` it keeps its place."""
    if run.state is not State.STARTING or run.execution != execution:
        return run
    freed = _freed(run, State.PENDING)
    return endings.waiting(freed, now, wait) if wait else freed


def ripen(run: Run, *, now: datetime) -> Run:
    """pending, and its due time has come: it takes its place among those that are ready."""
    if run.state is State.PENDING and not run.ready and run.due <= now:
        return evolve(run, ready=True)
    return run


def reschedule(run: Run, *, due: datetime, now: datetime) -> Run:
    """pending, and nobody has begun it yet: it is due at another time."""
    if run.state is not State.PENDING or run.attempts or run.due == due:
        return run
    return evolve(run, due=due, ready=due <= now)


def unclaimed(run: Run, *, execution: str, now: datetime, reason: str) -> Run:
    """starting → pending, or → failed: no task of the execution came for it in time, or ever will.

    What keeps a task from claiming, such as a broken image, mends only by itself or by hand: it
    is tried again a few times, ever later.
    """
    if run.state is not State.STARTING or run.execution != execution:
        return run
    starts = run.unclaimed + 1
    freed = evolve(_freed(run, State.PENDING), unclaimed=starts)
    if starts >= MAX_UNCLAIMED:
        error = Failure(type="NeverClaimed", message=reason, retryable=False)
        return evolve(freed, state=State.FAILED, error=error, ended=now)
    return endings.waiting(freed, now, timedelta(seconds=backoff(starts, base=1.0, cap=300.0)))


def claim(run: Run, *, token: str, worker: Worker, now: datetime, lease: timedelta) -> Run:
    """starting → running by the task it is reserved for; pending → running by any that asks."""
    if run.state is State.RUNNING and run.token == token:
        return run
    _check_claimable(run, worker, now)
    attempt = Attempt(
        number=len(run.attempts) + 1,
        token=token,
        worker=worker,
        due=run.due,
        reserved=run.reserved,
        started=now,
    )
    return evolve(
        _freed(run, State.RUNNING),
        token=token,
        lease_until=now + lease,
        progress=None,
        unclaimed=0,
        attempts=(*run.attempts, attempt),
    )


def renew(
    run: Run, *, token: str, now: datetime, lease: timedelta, progress: Progress | None
) -> Run:
    """running: its heartbeat, with how far it has come."""
    return evolve(_owned(run, token), lease_until=now + lease, progress=progress or run.progress)


def checkpoint(run: Run, *, token: str, text: str, now: datetime, lease: timedelta) -> Run:
    """running: what the next attempt shall find; a heartbeat too."""
    return evolve(_owned(run, token), checkpoint=text, lease_until=now + lease)


def succeed(run: Run, *, token: str, now: datetime, result: str) -> Run:
    """running → succeeded, which publishes the result."""
    if _has_ended(run, token, Outcome.SUCCEEDED):
        return run
    ended = endings.ended(_owned(run, token), now, Outcome.SUCCEEDED)
    return evolve(
        ended,
        state=State.SUCCEEDED,
        result=result,
        checkpoint=None,
        progress=Progress(fraction=1.0, at=now),
        ended=now,
        expires=endings.expires(run, now),
    )


def fail(run: Run, *, token: str, now: datetime, error: Failure, retry_in: timedelta | None) -> Run:
    """running → pending, due after `retry_in`; → failed where it is None or no attempt is left."""
    if _has_ended(run, token, Outcome.FAILED):
        return run
    return endings.failed(_owned(run, token), now, Outcome.FAILED, error, retry_in)


def give_back(run: Run, *, token: str, now: datetime) -> Run:
    """running → pending at once: the attempt was interrupted, and does not count as a failure."""
    if _has_ended(run, token, Outcome.INTERRUPTED):
        return run
    run = _owned(run, token)
    if len(run.attempts) >= endings.MAX_HISTORY:
        error = Failure(type="Interrupted", message=endings.EXHAUSTED, retryable=False)
        return endings.failed(run, now, Outcome.INTERRUPTED, error, None)
    run = endings.ended(run, now, Outcome.INTERRUPTED)
    if run.cancel_requested:
        return endings.cancelled(run, now)
    return endings.waiting(run, now)


def stop(run: Run, *, token: str, now: datetime) -> Run:
    """running → cancelled: the task has seen the request."""
    if _has_ended(run, token, Outcome.CANCELLED):
        return run
    return endings.cancelled(endings.ended(_owned(run, token), now, Outcome.CANCELLED), now)


def request_cancel(run: Run, *, now: datetime) -> Run:
    """pending, starting → cancelled at once; running: its task is asked to stop."""
    if run.state.ended or run.cancel_requested:
        return run
    if run.state is State.RUNNING:
        return evolve(run, cancel_requested=now)
    return endings.cancelled(evolve(_freed(run, State.CANCELLED), cancel_requested=now), now)


def is_lost(run: Run, *, now: datetime) -> bool:
    """Whether its owner let the lease run out."""
    return run.state is State.RUNNING and run.lease_until is not None and run.lease_until <= now


def rescue(
    run: Run, *, token: str | None, now: datetime, reason: str, patient: bool = False
) -> Run:
    """running → pending, or → failed: the attempt that has this token is known to be gone.

    It counts as a failure, so that a run which kills its process does not go round for ever. It is
    due at once or, where the rescuer is `patient`, ever later when it is lost again and again.
    """
    if run.state is not State.RUNNING or run.token != token:
        return run
    error = Failure(type="Lost", message=reason, retryable=True)
    wait = backoff(run.failures, base=5.0, cap=300.0) if patient and run.failures else 0.0
    return endings.failed(run, now, Outcome.LOST, error, timedelta(seconds=wait))


def replay(run: Run, *, now: datetime) -> Run:
    """failed → pending, with its history and a new count of attempts."""
    if run.state is not State.FAILED:
        raise Refused(f"Run {run.id} is {run.state}; only a failed one can be replayed.")
    if len(run.attempts) >= endings.MAX_HISTORY:
        raise Refused(f"Run {run.id} cannot be replayed. {endings.EXHAUSTED}")
    return endings.waiting(evolve(run, failures=0, unclaimed=0, error=None, ended=None), now)


def _check_claimable(run: Run, worker: Worker, now: datetime) -> None:
    if run.state is State.STARTING:
        mine = worker.execution == run.execution and worker.task == run.task
        if not mine:
            raise NotClaimable(f"Run {run.id} is reserved for execution {run.execution}.")
    elif run.state is State.RUNNING:
        raise NotClaimable(f"Run {run.id} is another's until {run.lease_until:%H:%M:%S} UTC.")
    elif run.state is not State.PENDING:
        raise NotClaimable(f"Run {run.id} is {run.state} already.")
    elif run.due > now:
        raise NotClaimable(f"Run {run.id} is not due before {run.due:%F %T} UTC.")


def _owned(run: Run, token: str) -> Run:
    if run.state is State.RUNNING and run.token == token:
        return run
    raise LeaseLost(f"Run {run.id} is {run.state} and no longer this attempt's.")


def _has_ended(run: Run, token: str, outcome: Outcome) -> bool:
    """Whether the token's attempt has ended just so: the history is the proof."""
    attempt = run.attempt(token)
    return attempt is not None and attempt.outcome is outcome


def _freed(run: Run, state: State) -> Run:
    return evolve(run, state=state, execution=None, reserved=None, start_by=None)
