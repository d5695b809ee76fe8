"""Waiting for an operation, through whatever answers come meanwhile, but not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from common.backoff import backoff
from jobs.video_generation.remote.errors import OperationGone, OperationUnfinished, StillRunning
from jobs.video_generation.remote.seam import Busy

if TYPE_CHECKING:
    from common.limits import Turn
    from common.runtime import Context
    from jobs.video_generation.remote.creation import Operation
    from jobs.video_generation.remote.seam import Remote
    from jobs.video_generation.remote.turns import Turns

__all__ = ["BASE", "Polling"]

T = TypeVar("T")

REQUEST = 60.0
"""Seconds for one whole answer, which may carry the video itself."""
BASE, CAP = 2.0, 20.0
MARGIN = 60.0
"""Seconds of the attempt that are left for fetching the video, at most a tenth of what there is."""
OVERTIME = 0.05
"""The share of its time that the last look at an operation may take beyond it."""
TYPICAL = 90.0
"""Seconds that half of a video takes, as far as progress is concerned."""


class Polling(Generic[T]):
    """One attempt's wait for one operation."""

    def __init__(self, remote: Remote[T], run: Context, operation: Operation, turns: Turns) -> None:
        self._remote, self._run, self._turns = remote, run, turns
        self._operation, self._terms = operation, remote.terms
        margin = min(MARGIN, 0.1 * max(0.0, run.remaining))
        self._over = operation.since + timedelta(seconds=self._terms.max_wait)
        self._leave = run.deadline - timedelta(seconds=margin)
        self._overtime = min(10.0, margin, OVERTIME * self._terms.max_wait)

    def wait(self, *, pause: float = 0.0) -> T:
        """What the operation came to, looked at first after `pause` seconds.

        Raises how it ended without a video, OperationGone, OperationUnfinished, StillRunning, or
        why the provider lets us look no more.
        """
        self._sleep(pause)
        looks = 1
        while isinstance(answer := self._look(), Busy):
            if self._left <= 0:
                raise self._late(answer)
            self._run.progress(self._fraction, f"Waiting for {self._terms.title}")
            self._sleep(max(answer.after, backoff(looks, base=BASE, cap=CAP)))
            looks += 1
        return answer

    @property
    def _left(self) -> float:
        return _seconds(self._run.documents.now(), min(self._over, self._leave))

    @property
    def _waited(self) -> float:
        return _seconds(self._operation.since, self._run.documents.now())

    @property
    def _fraction(self) -> float:
        # Hardly any provider says how far it is: ever slower, and never there.
        return 0.95 * self._waited / (self._waited + TYPICAL) if self._waited > 0 else 0.0

    def _sleep(self, seconds: float) -> None:
        self._run.sleep(max(0.0, min(seconds, self._left)))

    def _look(self) -> T | Busy:
        with self._turns.look(within=max(0.0, self._left)) as turn:
            limit = min(REQUEST, max(self._left, self._overtime, 0.05))
            check = self._run.check
            try:
                return self._remote.look(self._operation.name, limit=limit, check=check)
            except Exception as error:  # noqa: BLE001 - what it means is asked next
                busy = self._remote.missed(error)
                if not isinstance(busy, Busy):
                    busy = self._yet(busy, error)
                _tell(turn, busy)
        self._run.log.warning(
            f"Asked for the operation, {busy.said}.", action=f"{self._terms.name}-busy"
        )
        return busy

    def _yet(self, lasting: Exception, error: Exception) -> Busy:
        """What is unknown so soon may be known later. Raises what is lasting."""
        if isinstance(lasting, OperationGone) and self._waited < self._terms.settling:
            return Busy(said="it is not known yet")
        if lasting is error:
            raise error
        raise lasting from error

    def _late(self, answer: Busy) -> Exception:
        name, last = self._remote.shown(self._operation.name), answer.said
        if self._over > self._leave:
            return StillRunning(f"{name} goes on longer than this attempt may; at last {last}.")
        return OperationUnfinished(
            f"{name} did not end within {self._terms.max_wait:g} s ({self._terms.prefix}_MAX_WAIT)"
            f"; at last {last}. `runjobs dead-letters replay` would look at it once more."
        )


def _tell(turn: Turn | None, busy: Busy) -> None:
    """How the look went, to the limits on looks."""
    if turn is not None and busy.throttled:
        turn.throttled(busy.after or None)
    elif turn is not None and busy.failed:
        turn.failed()


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since) / timedelta(seconds=1)
