"""One wish for a turn, on its way: a slot first, then a permit, which is used at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from common.backoff import backoff
from common.documents import Documents
from common.limits.board import Board
from common.limits.errors import SlotLost
from common.limits.held import Held
from common.limits.portion import Portion

__all__ = ["Claim"]

_PATIENT = 5
"""How many times the store's interval between looks there may come to be between two for a slot."""


class Claim:
    """One wish for a turn. It belongs to one thread."""

    def __init__(
        self,
        documents: Documents,
        board: Board,
        held: Held,
        portion: Portion,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self.held = held
        self.is_sure = False
        """Whether the wait that was told last is sure to be needed."""
        self._documents, self._board, self._portion, self._rng = documents, board, portion, rng
        self._looks = 0

    def peek(self) -> float:
        """Seconds until a turn may be had, as far as can be told without writing; 0.0 for now."""
        standing, now = self._board.standing(), self._documents.now()
        return standing.pause(now) or self._portion.peek(standing.rate(now))

    def advance(self) -> float:
        """Have the turn: 0.0; or else the seconds until it may help to ask again."""
        with suppress(SlotLost):  # then it takes another
            self.held.renew()
        standing, now = self._board.standing(), self._documents.now()
        self.is_sure = True
        if pause := standing.pause(now):
            return pause
        limits = standing.limits
        if limits.max_concurrent and not self.held.acquire(limits.name, limits.max_concurrent):
            return self._until_next_look()
        return self._portion.use(standing.rate(now))

    def _until_next_look(self) -> float:
        """Nobody can tell when a slot will be released."""
        self.is_sure, self._looks = False, self._looks + 1
        base = self._documents.read_interval
        return backoff(self._looks, base=base, cap=_PATIENT * base, rng=self._rng)
