"""Calls of Stripe in their turn, tried again where that may help."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from common.backoff import backoff
from jobs.stripe_usage_reconciliation.outcomes import DELIVERED, Fate, Outcome, outcome
from jobs.stripe_usage_reconciliation.trouble import NoAnswers, check_entry

if TYPE_CHECKING:
    from common.limits import Turn
    from common.runtime import Context
    from common.runtime.turns import JobLimiter

__all__ = ["Asking", "NotTold"]

T = TypeVar("T")

_TRIES = 4
_BASE, _CAP = 0.5, 8.0


class NotTold(Exception):
    """Raised when Stripe refuses to tell, for good."""


class Asking:
    """Tries a call a few times, each in a turn of the limiter. Safe to share among threads."""

    def __init__(self, run: Context, limiter: JobLimiter) -> None:
        self._run, self._limiter = run, limiter
        self._lock = threading.Lock()

    def post(
        self, call: Callable[[], object], identifier: str, go: Callable[[], bool]
    ) -> Outcome | None:
        """The fate of a meter event; None where it may not `go`, and nothing was sent.

        Once nobody knows what became of one call, only that Stripe has the event is certain.
        """
        found, known = None, True
        for number in range(1, _TRIES + 1):
            outcome = self._once(call, identifier, go)
            if outcome is None:
                break
            found = outcome
            known = known and found.fate is not Fate.UNKNOWN
            if not found.passing or number == _TRIES:
                break
            if not found.busy:  # else the limiter waits
                self._run.sleep(backoff(number, base=_BASE, cap=_CAP))
        if found is None or known or found.fate is Fate.DELIVERED:
            return found
        return replace(found, fate=Fate.UNKNOWN)

    def read(self, call: Callable[[], T]) -> T:
        """What the call returns. Raises NotTold, NoAnswers, Misconfigured."""
        answers: list[T] = []
        found = self.post(lambda: answers.append(call()), "", lambda: True)
        if answers or found is None:
            return answers[0]
        check_entry(found)
        if found.passing:
            raise NoAnswers(f"Stripe does not answer ({found.why}).", after=found.after)
        raise NotTold(found.why)

    def _turn(self) -> Turn:
        # The first takes permits for all; at once, each would take as many for itself.
        with self._lock:
            return self._limiter.turn()

    def _once(
        self, call: Callable[[], object], identifier: str, go: Callable[[], bool]
    ) -> Outcome | None:
        with self._turn() as turn:
            if not go():
                return None
            try:
                call()
            except Exception as error:  # noqa: BLE001 - whatever it is, the call may have arrived
                found = outcome(error, identifier)
            else:
                return DELIVERED
            if found.busy:
                turn.throttled(found.after)
            elif found.passing:
                turn.failed()
        return found
