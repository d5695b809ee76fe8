"""What is learned from the calls: how the provider is, and what the statistics say."""

from __future__ import annotations

import threading
from contextlib import suppress

from common.errors import RunjobsError, Unavailable
from common.limits.adapt import Observation
from common.limits.board import Board
from common.limits.latency import Latency
from common.limits.tally import Tally
from common.limits.turn import Outcome

__all__ = ["Feedback"]


class Feedback:
    """Of one limiter in one process. Safe to share among threads."""

    def __init__(self, board: Board, tally: Tally, slow: float) -> None:
        self._board, self._tally = board, tally
        self._lock = threading.Lock()
        self._latency = Latency(slow)

    def given(self, waited: float) -> None:
        """A turn was given, after so many seconds."""
        kind = "waited" if waited else "at_once"
        self._tally.count(calls=1, wait_seconds=waited, **{kind: 1})

    def missed(self) -> None:
        """A turn could not be had in time."""
        self._tally.count(missed=1)

    def flush(self) -> None:
        """Have all containers know what this one counted and found usual."""
        self._tally.flush()
        self._say_usual()

    def finish(self, outcome: Outcome) -> None:
        """Take note of what became of a turn."""
        is_slow = outcome.answered is not None and self._saw(outcome.answered)
        self._tally.count(
            throttled=int(outcome.throttled),
            failed=int(outcome.failed),
            answered=int(outcome.answered is not None),
            answer_seconds=outcome.answered or 0.0,
        )
        # The call has been made, and whoever made it must hear of nothing but its outcome.
        with suppress(RunjobsError):
            if outcome.throttled or is_slow:
                self._give_way(outcome)
            if self._tally.is_due:
                self.flush()

    def _give_way(self, outcome: Outcome) -> None:
        self._board.observe(
            Observation(began=outcome.began, throttled=outcome.throttled, after=outcome.after)
        )

    def _saw(self, seconds: float) -> bool:
        usual = self._board.known.usual
        with self._lock:
            if usual is not None:
                self._latency.assume(usual)
            return self._latency.saw(seconds)

    def _say_usual(self) -> None:
        with self._lock:
            usual = self._latency.usual
        if usual is not None:
            with suppress(Unavailable):
                self._board.say_usual(usual)
