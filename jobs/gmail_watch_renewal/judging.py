"""What is to be done about one user's watch: a pure function of what is known of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from common.google.gmail.watching import watch_of

if TYPE_CHECKING:
    from common.integrations import Integration

__all__ = ["Todo", "is_quiet", "todo"]

_QUIET = timedelta(days=1)


class Todo(Enum):
    """What is to be done."""

    NOTHING = "nothing"
    KEEP = "keep"
    """It is needed, and goes on for long enough."""
    RENEW = "renew"
    """It ends soon, or there is none, or it goes to another topic."""
    STOP = "stop"
    """It goes on, and no automation waits for messages."""
    ASK = "ask"
    """It is needed, and the user has to consent again first."""


def todo(
    integration: Integration, *, is_needed: bool, topic: str, now: datetime, within: timedelta
) -> Todo:
    """That of one integration; `is_needed` is whether messages start an automation of its user."""
    watch, may_ask = watch_of(integration), integration.status == "active"
    if not is_needed:
        return Todo.STOP if may_ask and watch and watch.until > now else Todo.NOTHING
    if not may_ask:
        return Todo.ASK
    if watch is None or watch.until - now <= within or watch.topic not in {"", topic}:
        return Todo.RENEW
    return Todo.KEEP


def is_quiet(integration: Integration, now: datetime) -> bool:
    """Whether nothing was heard of the mailbox for so long that a notification may be lost."""
    return now - integration.updated > _QUIET
