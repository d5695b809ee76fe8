"""An attempt's hold on its run, shared by the job's function and the heartbeat beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from common.clock import SYSTEM, Clock
from common.runs import Failure, Progress, Run, Runs, transitions

__all__ = ["End", "Lease"]

Transition = Callable[[Run, datetime], Run]
End = Callable[[Run, Callable[[Run], Run]], Run]
"""Takes a step from a run as it was last seen, like Runs.apply."""

_MARGIN = 1 / 8
"""Share of the lease's time in which a function that is told can end, be it by force: of a minute,
more than stopping.LIMIT."""


class Lease:
    """The run as its owner last saw it, and its transitions with the owner's token.

    Each raises LeaseLost when the run is no longer this attempt's, and Unavailable when the store
    does not answer.
    """

    def __init__(
        self, runs: Runs, run: Run, *, end: End | None = None, clock: Clock = SYSTEM
    ) -> None:
        """`end` takes the step that ends the attempt, as Runs.apply would."""
        self.runs = runs
        self.end = end or runs.apply
        self.run = run
        self.token = run.token or ""
        self._clock = clock
        self._lock = threading.Lock()
        self._until = clock.monotonic() + self._lasts(run)

    @property
    def remaining(self) -> float:
        """Seconds that the lease surely still lasts, measured by this process's own patience."""
        return self._until - self._clock.monotonic()

    @property
    def left(self) -> float:
        """Seconds until the function must be told, if it is to have ended when the lease ends."""
        return self.remaining - _MARGIN * self.runs.lease.total_seconds()

    def renew(self, progress: Progress | None) -> Run:
        """The heartbeat."""
        return self._step(
            lambda run, now: transitions.renew(
                run, token=self.token, now=now, lease=self.runs.lease, progress=progress
            )
        )

    def checkpoint(self, text: str) -> Run:
        """Leave JSON text for the next attempt."""
        return self._step(
            lambda run, now: transitions.checkpoint(
                run, token=self.token, text=text, now=now, lease=self.runs.lease
            )
        )

    def succeed(self, result: str) -> Run:
        """Finish, and publish the result's JSON text."""
        return self._end(
            lambda run, now: transitions.succeed(run, token=self.token, now=now, result=result)
        )

    def fail(self, error: Failure, retry_in: timedelta | None) -> Run:
        """Finish by failing, for now or for good."""
        return self._end(
            lambda run, now: transitions.fail(
                run, token=self.token, now=now, error=error, retry_in=retry_in
            )
        )

    def give_back(self) -> Run:
        """Leave the run to another attempt, without fault."""
        return self._end(lambda run, now: transitions.give_back(run, token=self.token, now=now))

    def stop(self) -> Run:
        """Finish because the run was cancelled."""
        return self._end(lambda run, now: transitions.stop(run, token=self.token, now=now))

    def _end(self, transition: Transition) -> Run:
        return self._step(transition, self.end)

    def _step(self, transition: Transition, apply: End | None = None) -> Run:
        with self._lock:
            asked = self._clock.monotonic()
            self.run = (apply or self.runs.apply)(
                self.run, lambda run: transition(run, self.runs.documents.now())
            )
            self._until = asked + self.runs.lease.total_seconds()
            return self.run

    def _lasts(self, run: Run) -> float:
        """What the claim has left of it, which may have taken long to come back."""
        until = run.lease_until or self.runs.documents.now()
        return (until - self.runs.documents.now()) / timedelta(seconds=1)
