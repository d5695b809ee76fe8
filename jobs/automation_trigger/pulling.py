"""All notifications of a subscription: each account's become a run of its own, and go away then.

They are acknowledged when those runs are in the ledger, and not before: whoever is killed between
the two gets them again, and the same runs of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from common.errors import InvalidInput
from common.runtime.params import validate
from jobs.automation_trigger.params import AutomationTrigger
from jobs.automation_trigger.pubsub import Pulled, Subscription

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.report import Report

__all__ = ["pull"]

_JOB = "automation-trigger"
_RESERVE = 60.0
"""Seconds that are left for the end."""


def pull(name: str, wait: int, run: Context, report: Report) -> None:
    """Take notifications until none comes. Raises Retryable where Pub/Sub does not answer."""
    with Subscription(name) as subscription:
        while run.remaining > _RESERVE + wait:
            run.check()
            messages = subscription.pull(wait)
            if not messages:
                return
            for notification in _newest(messages, report):
                report.started(_submit(notification, run))
            subscription.acknowledge(messages)
            report.notifications += len(messages)
            run.progress(0, f"{report.notifications} notifications")


def _newest(messages: Iterable[Pulled], report: Report) -> list[AutomationTrigger]:
    """Of each account the notification that goes furthest, which stands for all of them."""
    newest: dict[str, AutomationTrigger] = {}
    for message in messages:
        try:
            found = _read(message)
        except InvalidInput as error:  # it would come again for ever
            report.trouble(f"notification {message.id}", error)
            continue
        known = newest.get(found.user)
        if known is None or (found.history or 0) > (known.history or 0):
            newest[found.user] = found
    return [*newest.values()]


def _read(message: Pulled) -> AutomationTrigger:
    if not isinstance(message.data, dict):
        raise InvalidInput("its data is no JSON object")
    found = validate(AutomationTrigger, message.data, job=_JOB)
    if not found.user or found.history is None:
        raise InvalidInput("it names no account and history")
    return found.model_copy(update={"user": found.user.lower()})


def _submit(notification: AutomationTrigger, run: Context) -> str:
    key = f"pulled:{notification.user}:{notification.history}"
    params = {"user": notification.user, "history": notification.history}
    return run.submit(_JOB, params, key=key, tenant="")
