"""What is to be done with an event: a pure function of the event, the meters and the time.

window  as long as Stripe is sure to know an identifier again; it begins with the first call
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common.data.usage import UsageEvent
from common.ids import derived_id
from jobs.stripe_usage_reconciliation.meters import Meters

__all__ = ["WINDOW", "Todo", "Verdict", "identifier_of", "is_too_old", "judge"]

WINDOW = timedelta(hours=23)
"""Stripe says 24 hours at least; what is under way when they end shall have arrived."""
_OLDEST = timedelta(days=35) - timedelta(minutes=15)
_AHEAD = timedelta(minutes=4)
"""Stripe takes five; its clock is another one."""
_LONGEST = 100


class Todo(StrEnum):
    """What is to be done."""

    SEND = "send"
    WAIT = "wait"
    """A later run looks again."""
    SETTLE = "settle"
    """It was sent, nobody knows what became of that, and it is too late to send it again."""
    REFUSE = "refuse"
    LATE = "late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is to be done, and why."""

    todo: Todo
    why: str = ""


def judge(event: UsageEvent, meters: Meters, now: datetime) -> Verdict:
    """What is to be done with an event that is unreported, or being sent."""
    if event.state == "sending":
        return _under_way(event, meters, now)
    if why := _wrong(event):
        return Verdict(todo=Todo.REFUSE, why=why)
    if is_too_old(event, now):
        return Verdict(todo=Todo.LATE, why="Stripe takes no usage that is older than 35 days")
    if event.at > now + _AHEAD:
        return Verdict(todo=Todo.WAIT, why="it lies in the future")
    return _with_meter(event, meters)


def is_too_old(event: UsageEvent, now: datetime) -> bool:
    """Whether Stripe does not take it any more."""
    return event.at < now - _OLDEST


def identifier_of(event: UsageEvent) -> str:
    """By which Stripe knows an event: its own id, if that is short enough."""
    if event.identifier:
        return event.identifier
    short = len(event.id) <= _LONGEST and event.id.isascii()
    return event.id if short else derived_id("usage-event", event.id)


def _under_way(event: UsageEvent, meters: Meters, now: datetime) -> Verdict:
    if event.sent_at is None or now - event.sent_at >= WINDOW:
        return Verdict(todo=Todo.SETTLE)
    if is_too_old(event, now):
        return Verdict(todo=Todo.WAIT, why="Stripe would not take it again")
    return _with_meter(event, meters)


def _with_meter(event: UsageEvent, meters: Meters) -> Verdict:
    name = event.event_name
    if name not in meters:
        return Verdict(todo=Todo.WAIT, why=f"there is no active meter for {name!r}")
    if span := meters[name].replaces:
        why = f"of all events in one {span} the meter for {name!r} counts only the last"
        return Verdict(todo=Todo.WAIT, why=why)
    return Verdict(todo=Todo.SEND)


def _wrong(event: UsageEvent) -> str:
    """Why Stripe will never take it; empty where it may."""
    if event.quantity < 1:
        return f"its quantity is {event.quantity}, and usage is 1 or more"
    if not event.customer:
        return "it names no customer of Stripe's"
    if not 0 < len(event.event_name) <= _LONGEST:
        return "its event_name is no name of a meter's events, of 1 to 100 characters"
    if len(event.identifier) > _LONGEST:
        return "its identifier has more than 100 characters"
    return ""
