"""Calls of Stripe in their turn, tried again where that may help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from common.backoff import backoff
from jobs.stripe_usage_reconciliation.outcomes import DELIVERED, Fate, Outcome, outcome
from jobs.stripe_usage_reconciliation.trouble import NoAnswers, check_entry

if TYPE_CHECKING:
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

    def post(self, call: Callable[[], object], identifier: str, go: Callable[[], bool]) -> Outcome:
        """The fate of a meter event; nothing is sent when it may not `go` any more.

        Once nobody knows what became of one call, only that Stripe has the event is certain.
        """
        found, known = Outcome(fate=Fate.UNSENT, why="it was not its turn any more"), True
        for number in range(1, _TRIES + 1):
            one = self._once(call, identifier, go)
            if one is None:
                break
            found = one
            known = known and found.fate is not Fate.UNKNOWN
            if not found.passing or number == _TRIES:
                break
            self._wait(number, found)
        if found.fate is Fate.DELIVERED or known:
            return found
        return replace(found, fate=Fate.UNKNOWN)

    def read(self, call: Callable[[], T]) -> T:
        """What the call returns. Raises NotTold, NoAnswers, Misconfigured."""
        answers: list[T] = []
        found = self.post(lambda: answers.append(call()), "", lambda: True)
        if answers:
            return answers[0]
        check_entry(found)
        if found.passing:
            raise NoAnswers(f"Stripe does not answer ({found.why}).", after=found.after)
        raise NotTold(found.why)

    def _once(
        self, call: Callable[[], object], identifier: str, go: Callable[[], bool]
    ) -> Outcome | None:
        with self._limiter.turn() as turn:
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

    def _wait(self, number: int, found: Outcome) -> None:
        if not found.busy:  # else the limiter waits
            self._run.sleep(backoff(number, base=_BASE, cap=_CAP))
