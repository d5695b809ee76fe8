"""Having Gmail publish what is new in a mailbox, for about a week from then on.

https://developers.google.com/workspace/gmail/api/guides/push
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.google.gmail.numbers import time

if TYPE_CHECKING:
    from common.google.account import Account
    from common.integrations import Integration

__all__ = ["Watch", "address_of", "stop_watch", "watch", "watch_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """What an integration says of it."""

    until: datetime
    """When Gmail ends it."""
    topic: str
    """Where it publishes to; empty where that was not noted."""


def watch_of(integration: Integration) -> Watch | None:
    """As it was last noted; None where nobody watches the mailbox, or that cannot be read."""
    known: Mapping[str, Any] = integration.watch or {}
    try:
        until = datetime.fromisoformat(str(known.get("expires", "")))
    except ValueError:
        return None
    return Watch(until=until, topic=str(known.get("topic", ""))) if until.tzinfo else None


def watch(account: Account, topic: str) -> datetime:
    """Have its news published to `projects/P/topics/T`; returns until when that is done."""
    said = account.post("gmail", "users/me/watch", {"topicName": topic}, repeat=True)
    return time(said, "expiration")


def stop_watch(account: Account) -> None:
    """Have nothing of it published any more."""
    account.post("gmail", "users/me/stop", repeat=True)


def address_of(account: Account) -> str:
    """Whose mailbox it is, in lower case."""
    return str(account.get("gmail", "users/me/profile").get("emailAddress", "")).lower()
