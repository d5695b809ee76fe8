"""The limiter: turns at a provider, shared by all containers.

turn      leave to call once; it needs a permit of the rate and, where there are any, a slot
portion   permits that one process has taken ahead, for the next second
board     how the provider is and what was set at run time, as all containers know it
feedback  what became of the turns: it is counted, and may slow all containers down
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from common.clock import SYSTEM, Clock
from common.documents import Documents
from common.limits.board import Board
from common.limits.buckets import Buckets
from common.limits.claim import Claim
from common.limits.declared import Limits
from common.limits.errors import NoTurn, Throttled
from common.limits.feedback import Feedback
from common.limits.held import Held
from common.limits.portion import Portion
from common.limits.slots import Slots
from common.limits.tally import Tally
from common.limits.turn import Judge, Turn
from common.limits.waiting import Patience

__all__ = ["Limiter"]

T = TypeVar("T")


def _is_throttled(error: BaseException) -> bool:
    return isinstance(error, Throttled)


class Limiter:
    """Turns at one provider. Safe to share among threads; close it when done."""

    def __init__(
        self,
        documents: Documents,
        limits: Limits,
        *,
        is_throttled: Judge = _is_throttled,
        clock: Clock = SYSTEM,
        rng: Callable[[], float] = random.random,
    ) -> None:
        """`is_throttled` knows the provider's errors for "too many requests"; their `after`, if
        they have one, is the Retry-After in seconds.
        """
        self.name = limits.name
        self._documents, self._limits, self._clock, self._rng = documents, limits, clock, rng
        self._is_throttled = is_throttled
        self._board = Board(documents, limits, clock)
        self._slots = Slots(documents, rng=rng)
        self._portion = Portion(Buckets(documents, rng=rng), limits.name, clock)
        tally = Tally(documents, limits.name, clock, rng)
        self._feedback = Feedback(self._board, tally, limits.policy.slow)

    def turn(
        self,
        *,
        within: float | None = None,
        sleep: Callable[[float], None] | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Turn:
        """Wait for a turn, and have it in a `with`.

        `sleep` waits (a job gives its `run.sleep`, which a cancellation ends), and `check` raises
        when there is no more reason to. Raises NoTurn where none is to be had `within` so many
        seconds, as soon as that is sure, and Unavailable where the store is.
        """
        claim = self._claim()
        patience = Patience(within=within, sleep=sleep or self._clock.sleep, check=check)
        try:
            waited = patience.wait(claim, self.name, self._clock, self._rng)
            return self._given(claim, waited)
        except BaseException as error:
            claim.held.release()
            if isinstance(error, NoTurn):
                self._feedback.missed()
            raise

    def try_turn(self) -> Turn | float:
        """A turn, to be had in a `with`, if there is one now; else the seconds until there may be.

        Raises Unavailable where the store is.
        """
        claim = self._claim()
        try:
            wait = claim.peek() or claim.advance()
            turn = None if wait else self._given(claim, 0.0)
        except BaseException:
            claim.held.release()
            raise
        if turn is None:
            claim.held.release()
            return wait
        return turn

    def call(
        self,
        function: Callable[[], T],
        *,
        within: float | None = None,
        sleep: Callable[[float], None] | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> T:
        """What the function returns, called in its turn; the options are those of `turn`."""
        with self.turn(within=within, sleep=sleep, check=check):
            return function()

    def close(self) -> None:
        """Add what was counted to the statistics."""
        self._feedback.flush()

    def __enter__(self) -> Limiter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _claim(self) -> Claim:
        held = Held(self._slots, self._limits.term, self._clock)
        return Claim(self._documents, self._board, held, self._portion, self._rng)

    def _given(self, claim: Claim, waited: float) -> Turn:
        began = self._documents.now()
        self._feedback.given(waited)
        return Turn(claim.held, began, self._clock, self._is_throttled, self._feedback.finish)
