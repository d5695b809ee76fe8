"""What became of a meter event that was sent: told from Stripe's answer, or from there being none.

delivered  Stripe has it: the answer says so, or refuses the identifier as one that it has
refused    Stripe will never take it
unsent     Stripe has not taken it, and may later
unknown    nobody knows
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from common.genai.pending import NoAnswer
from common.waits import asked_wait

if TYPE_CHECKING:
    from stripe import StripeError

__all__ = ["Fate", "Outcome", "outcome", "problem"]

_LONGEST = 300
_SECRET = re.compile(r"\b(sk|rk)_(test|live)_\S+")
_THERE = re.compile(r"already exists with identifier")
_OTHER_MODE = re.compile(r"(test|live) mode key was used")
# Of an event alone; any other refusal may be of all of them, such as of an account or a version.
_TOO_OLD = "timestamp_too_far_in_past"
_OWN_CODES = re.compile(rf"resource_missing|meter_event_\w+|parameter_invalid_\w+|{_TOO_OLD}")
_OWN_PARAM = re.compile(r"payload\b.*")


class Fate(StrEnum):
    """What became of it."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNSENT = "unsent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The fate of one call, and what is to be known of it."""

    fate: Fate
    why: str = ""
    """In a few words, without any secret."""
    again: bool = False
    """Whether Stripe had it already."""
    late: bool = False
    """Whether it is refused for its age."""
    busy: bool = False
    """Whether Stripe has enough of us."""
    after: float | None = None
    """Seconds that it asks us to wait."""
    barred: bool = False
    """Whether Stripe does not let us in."""
    passing: bool = False
    """Whether the same call may go well a moment later."""


DELIVERED = Outcome(fate=Fate.DELIVERED)


def outcome(error: Exception, identifier: str) -> Outcome:
    """The fate of a meter event, by the error of its call."""
    from stripe import APIConnectionError, StripeError

    if isinstance(error, NoAnswer):
        return Outcome(fate=Fate.UNKNOWN, why=str(error), passing=True)
    if isinstance(error, APIConnectionError):
        return Outcome(fate=Fate.UNKNOWN, why="the connection failed", passing=True)
    if isinstance(error, StripeError):
        return _answered(error, identifier)
    # Of an answer that makes no sense its library raises this and that.
    kind = type(error).__name__
    return Outcome(fate=Fate.UNKNOWN, why=f"no usable answer came ({kind})", passing=True)


def problem(error: StripeError) -> str:
    """What Stripe says is wrong, on one line, not too long, and without keys."""
    said = _SECRET.sub("[secret]", " ".join((error.user_message or "nothing").split()))
    return f"{error.http_status}: {said}"[:_LONGEST]


def _answered(error: StripeError, identifier: str) -> Outcome:
    status, why = error.http_status or 0, problem(error)
    if status in {401, 403}:
        return Outcome(fate=Fate.UNSENT, why=why, barred=True)
    if status == 429:
        # There may be another call of this customer and meter, as by the application: then all
        # others may go on.
        busy, after = error.code != "lock_timeout", asked_wait(error.headers, ())
        return Outcome(fate=Fate.UNSENT, why=why, busy=busy, after=after, passing=True)
    if status == 400 and _is_there(error, identifier):
        return Outcome(fate=Fate.DELIVERED, why=why, again=True)
    if 400 <= status < 500 and status not in {408, 409}:
        fate = Fate.REFUSED if _is_its_own(error) else Fate.UNSENT
        return Outcome(fate=fate, why=why, late=error.code == _TOO_OLD)
    return Outcome(fate=Fate.UNKNOWN, why=why, passing=True)


def _is_there(error: StripeError, identifier: str) -> bool:
    said = error.user_message or ""
    return identifier in said and bool(_THERE.search(said))


def _is_its_own(error: StripeError) -> bool:
    if _OTHER_MODE.search(error.user_message or ""):
        return False
    param = str(getattr(error, "param", None) or "")
    return bool(_OWN_CODES.fullmatch(error.code or "") or _OWN_PARAM.fullmatch(param))
