"""What becomes of a run when its attempt has ended: it waits for another, or has ended itself.

Every transition by which an attempt ends is put together from these.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from common.runs.records import Attempt, Failure, Outcome, Run, State, evolve

__all__ = ["EXHAUSTED", "MAX_HISTORY", "cancelled", "ended", "expires", "failed", "waiting"]

MAX_HISTORY = 250
"""Attempts in all, replays and interruptions included: so history fits into the run's document, and
a run that never gets anywhere is not billed for ever."""
EXHAUSTED = f"It has made {MAX_HISTORY} attempts, which is all that a run can: submit it anew."

_MESSAGE = 150
"""Characters that remain of an error's message once another attempt has ended."""


def ended(run: Run, now: datetime, outcome: Outcome, error: Failure | None = None) -> Run:
    """The run is no attempt's any more; history tells how its last one ended."""
    *before, last = run.attempts
    attempts = (*map(_brief, before), evolve(last, ended=now, outcome=outcome, error=error))
    return evolve(run, token=None, lease_until=None, attempts=attempts)


def failed(
    run: Run, now: datetime, outcome: Outcome, error: Failure, retry_in: timedelta | None
) -> Run:
    """Its attempt counts as a failure: it waits for another, if it may have one."""
    run = evolve(ended(run, now, outcome, error), failures=run.failures + 1)
    if run.cancel_requested:
        return cancelled(run, now)
    spent = run.failures >= run.max_attempts or len(run.attempts) >= MAX_HISTORY
    if retry_in is None or not error.retryable or spent:
        return evolve(run, state=State.FAILED, error=error, ended=now)
    return waiting(run, now, retry_in)


def waiting(run: Run, now: datetime, wait: timedelta = timedelta()) -> Run:
    """It is due again after `wait`."""
    return evolve(run, state=State.PENDING, due=now + wait, ready=wait <= timedelta())


def cancelled(run: Run, now: datetime) -> Run:
    """It has ended, as somebody asked."""
    return evolve(run, state=State.CANCELLED, ended=now, expires=expires(run, now))


def expires(run: Run, now: datetime) -> datetime | None:
    """Dead letters have no such time: they stay until they are replayed or discarded."""
    return None if run.keep is None else now + timedelta(seconds=run.keep)


def _brief(attempt: Attempt) -> Attempt:
    """An attempt that is no longer the last: what it failed of, but not the whole of it."""
    error = attempt.error
    if error is None or (error.trace is None and len(error.message) <= _MESSAGE):
        return attempt
    return evolve(attempt, error=replace(error, message=error.message[:_MESSAGE], trace=None))
