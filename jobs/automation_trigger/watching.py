"""Has Gmail publish what is new in accounts, for about a week from then on.

https://developers.google.com/workspace/gmail/api/guides/push: it is to be asked again each day.
What is there by then is read too: a watch may have run out, or a run that was notified may have
failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.automations import Automations
from common.errors import InvalidInput
from common.integrations import Integration, Integrations
from jobs.automation_trigger.each import each_of
from jobs.automation_trigger.mailbox import open_mailbox
from jobs.automation_trigger.mark import Mark

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.report import Report

__all__ = ["watch"]


def watch(topic: str, run: Context, report: Report) -> None:
    """Do so for everybody with an automation that messages start. Raises like each_of."""
    if run.tenant:
        raise InvalidInput("A topic gets all tenants' notifications: have the operator watch.")
    integrations = Integrations(run.documents)

    def one(integration: Integration) -> None:
        with open_mailbox(integrations, integration, run) as mailbox:
            until = mailbox.watch(topic)
            if not integration.account:  # by which whoever is notified finds it
                integration = integrations.note(integration, account=mailbox.owner)
        Mark(run.documents, integrations, integration).watched(until)
        report.watched += 1
        user = {"user": integration.account}
        report.started(run.submit(run.job, user, key=f"watched {integration.account}"))

    each_of(_watched(integrations, Automations(run.documents)), one, run, report)


def _watched(integrations: Integrations, automations: Automations) -> list[Integration]:
    asked = {
        (each.tenant, each.user) for each in automations.list() if each.enabled and each.trigger
    }
    found = [each for each in integrations.list() if each.provider == "google"]
    return [each for each in found if (each.tenant, each.user) in asked]
