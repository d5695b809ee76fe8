"""One notification, or all of a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import InvalidInput
from jobs.automation_trigger.report import Report

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.params import AutomationTrigger, Triggered

__all__ = ["produce"]


def produce(params: AutomationTrigger, run: Context) -> Triggered:
    """Do what a notification asks, or have it done for each that a subscription has."""
    report = Report(run.log)
    if params.subscription:
        if run.tenant:
            raise InvalidInput("A subscription has all tenants' notifications: name a user.")
        from jobs.automation_trigger.pulling import pull

        pull(params.subscription, params.wait, run, report)
    else:
        from jobs.automation_trigger.notified import notified

        notified(params.user, params.history, run, report)
    return report.result()
