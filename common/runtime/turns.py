"""Turns at providers for a job's function: it waits as the job does, and keeps what it holds.

turn    leave to call a provider once, with one of its slots until it ends
place   a slot alone, for what is under way at the provider already
keeper  a thread that renews both, so that the function may spend minutes in one call; when the
        process dies it does too, and the slots are free after their term
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from common.clock import SYSTEM, Clock
from common.documents import Documents
from common.errors import InvalidInput, RunjobsError
from common.limits import Limiter, Limits, NoTurn, Turn
from common.runs import Retryable
from common.runtime.keeper import Keeper
from common.runtime.place import Place

__all__ = ["JobLimiter", "Limiters", "NoTurnYet", "Pace"]

_SOONEST = 60.0
"""Seconds for which a run that got no turn leaves its container to others."""
_SHARE = 0.9
"""Of the attempt's time: after that, what there is to do in the turn would not be done."""
_PATIENCE = 1.0
"""Seconds for a write of the statistics: by then the task may be about to end."""


class NoTurnYet(NoTurn, Retryable):  # type: ignore[misc] # `after` is always known here
    """Raised when an attempt gets no turn in its time: the run is tried again later.

    It counts as a failure: a run that never gets a turn shall not wait, and be billed, for ever.
    """

    def __init__(self, name: str, after: float) -> None:
        super().__init__(name, after)
        self.after = max(after, _SOONEST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How an attempt waits."""

    sleep: Callable[[float], None]
    """Raises as soon as the function must end."""
    check: Callable[[], None]
    shielded: Callable[[], AbstractContextManager[None]]
    """Within, no signal interrupts a commit, by which a slot would be taken and not known of."""
    left: Callable[[], float]
    """Seconds until the attempt's time is over."""
    clock: Clock = SYSTEM


class JobLimiter(Limiter):
    """A limiter that waits as its job's function does, and no longer than the attempt lasts."""

    def __init__(self, documents: Documents, limits: Limits, pace: Pace) -> None:
        super().__init__(documents, limits, clock=pace.clock)
        self.limits = limits
        self._pace = pace
        self._keeper = Keeper(limits)

    def turn(
        self,
        *,
        within: float | None = None,
        sleep: Callable[[float], None] | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Turn:
        """Like Limiter.turn. Raises NoTurnYet, and a Stop when the function must end."""
        pace = self._pace

        def check_both() -> None:
            pace.check()
            check()

        limit = max(0.0, _SHARE * pace.left()) if within is None else within
        try:
            with pace.shielded():
                return self._kept(
                    super().turn(within=limit, sleep=sleep or pace.sleep, check=check_both)
                )
        except NoTurn as error:
            raise NoTurnYet(error.name, error.after) from error

    def try_turn(self) -> Turn | float:
        """Like Limiter.try_turn."""
        self._pace.check()
        with self._pace.shielded():
            found = super().try_turn()
            return self._kept(found) if isinstance(found, Turn) else found

    def place(self) -> Place:
        """One of the slots, as soon as one is free: to be had in a `with`, which does not wait.

        It is for what is under way at the provider already, begun by an earlier attempt. That goes
        on with or without a slot; but while it has one, nothing else is begun in its stead.
        """
        self._pace.check()
        with self._pace.shielded():
            place = Place(self.name, self._claim().held, self._most)
            self._keeper.keep(place)
            return place

    def close(self) -> None:
        """Let go of all that is held, and add what was counted to the statistics."""
        self._keeper.close()
        documents = self._documents
        before, documents.patience = documents.patience, min(documents.patience, _PATIENCE)
        try:
            super().close()
        finally:
            documents.patience = before

    def _kept(self, turn: Turn) -> Turn:
        if self._board.known.limits.max_concurrent:
            self._keeper.keep(turn)
        return turn

    def _most(self) -> int:
        return self._board.standing().limits.max_concurrent


class Limiters:
    """The limiters of one attempt, one for each name."""

    def __init__(self, documents: Documents, pace: Pace) -> None:
        self._documents, self._pace = documents, pace
        self._lock = threading.Lock()
        self._open: dict[str, JobLimiter] = {}

    def get(self, limits: Limits) -> JobLimiter:
        """The limiter of that name. Raises InvalidInput where it was declared otherwise before."""
        with self._lock:
            found = self._open.get(limits.name)
            if found is None:
                found = self._open[limits.name] = JobLimiter(self._documents, limits, self._pace)
        if found.limits != limits:
            raise InvalidInput(f"{limits.name} has other limits already: declare them once.")
        return found

    def close(self) -> None:
        """Close them all; what cannot be written then is not counted."""
        with self._lock:
            limiters = [*self._open.values()]
        for limiter in limiters:
            with suppress(RunjobsError):
                limiter.close()
