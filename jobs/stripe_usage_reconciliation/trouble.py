"""When to stop asking: where nothing goes any more, it is not the events' fault."""

from __future__ import annotations

import threading

from common.errors import Misconfigured, RunjobsError
from common.runtime import Permanent, Retryable
from jobs.stripe_usage_reconciliation.outcomes import Fate, Outcome

__all__ = ["NoAnswers", "Refusing", "Trouble", "check_entry"]

_IN_A_ROW = 5
"""Events that go wrong one after the other: then it is Stripe, or the account, and none of them."""
_CUSTOMERS = 5
"""Customers whose events are all refused while none is taken: then it is the wrong account."""
_SHOWN = 20


class NoAnswers(Retryable):
    """Raised when Stripe does not answer, or has enough of us: the run is tried again later."""


class Refusing(Permanent):
    """Raised when Stripe refuses one event after the other for something that is none of theirs."""


class Trouble:
    """What went wrong so far. Safe to share among threads."""

    def __init__(self) -> None:
        self.reasons: dict[str, None] = {}
        """Why events wait, each reason once, in the order in which they came."""
        self._row = 0
        self._taken = False
        self._refused: dict[str, str] = {}
        self._lock = threading.Lock()

    def tell(self, why: str) -> None:
        """Something for the report."""
        with self._lock:
            if len(self.reasons) < _SHOWN:
                self.reasons[why] = None

    @property
    def is_account(self) -> bool:
        """Whether what Stripe refused may be fine at another account, such as its live one."""
        with self._lock:
            return not self._taken and len(self._refused) >= _CUSTOMERS

    def check_account(self) -> None:
        """Raises Refusing."""
        if self.is_account:
            raise Refusing(
                f"Stripe takes no event of any of {len(self._refused)} customers "
                f"({[*self._refused.values()][-1]}). Is STRIPE_SECRET_KEY that of their account? "
                "Nothing was lost: set it right, and run stripe-usage-reconciliation again."
            )

    def went(self, customer: str, outcome: Outcome) -> None:
        """Note how an event went, after all tries. Raises NoAnswers, Refusing, Misconfigured."""
        check_entry(outcome)
        settled = outcome.fate in {Fate.DELIVERED, Fate.REFUSED}
        with self._lock:
            self._taken = self._taken or outcome.fate is Fate.DELIVERED
            if outcome.fate is Fate.REFUSED:
                self._refused[customer] = outcome.why
            self._row = 0 if settled else self._row + 1
            over = self._row >= _IN_A_ROW
        if not settled:
            self.tell(f"Stripe: {outcome.why}")
        if over:
            raise _error(outcome)


def check_entry(outcome: Outcome) -> None:
    """Raises Misconfigured where Stripe does not let us in."""
    if outcome.barred:
        raise Misconfigured(
            f"Stripe does not accept STRIPE_SECRET_KEY ({outcome.why}). Set it to a key that may "
            "write meter events, and read meters and their summaries."
        )


def _error(outcome: Outcome) -> RunjobsError:
    if outcome.passing:
        return NoAnswers(
            f"Stripe takes no meter events for now ({outcome.why}).", after=outcome.after
        )
    return Refusing(
        f"Stripe refuses meter events ({outcome.why}). Nothing was lost: set right what is wrong, "
        "and run stripe-usage-reconciliation again."
    )
