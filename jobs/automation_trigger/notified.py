"""A notification: an account has news, which are those of all who connected it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from common.integrations import Integration, Integrations
from jobs.automation_trigger.each import each_of
from jobs.automation_trigger.mailbox import open_mailbox
from jobs.automation_trigger.mark import Mark
from jobs.automation_trigger.reading import Reading
from jobs.automation_trigger.turn import Turn

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.automation_trigger.report import Report

__all__ = ["notified"]

_LATER = timedelta(minutes=3)


def notified(account: str, history: int | None, run: Context, report: Report) -> None:
    """Read what is new in an account, for each integration. Raises like each_of."""
    integrations = Integrations(run.documents)
    each_of(
        _of(integrations, account, run.tenant),
        lambda integration: _look_after(integrations, integration, history, run, report),
        run,
        report,
    )


def _of(integrations: Integrations, account: str, tenant: str) -> list[Integration]:
    """Those that connected the account; of a tenant's run, that tenant's."""
    found = integrations.by_account("google", account)
    return [each for each in found if not tenant or each.tenant == tenant]


def _look_after(
    integrations: Integrations,
    integration: Integration,
    history: int | None,
    run: Context,
    report: Report,
) -> None:
    mark = Mark(run.documents, integrations, integration)
    turn = Turn(run.documents, integration.id, run=run.id)
    if mark.covers(history) and not turn.is_left(mark.covers):
        return
    if integration.status == "needs_reauth":
        report.trouble(integration.id, f"needs_reauth: {integration.why}")
        return
    if not turn.begin(history):
        report.left += 1
        _come_back(integration, turn.holder, run)
        return
    with turn:
        mark.read()  # another may have come that far since
        if mark.covers(history) and not turn.is_owed and turn.end(mark.covers):
            return
        _read(integrations, mark, turn, run, report)


def _read(integrations: Integrations, mark: Mark, turn: Turn, run: Context, report: Report) -> None:
    """Read until nobody has left word that there is more."""
    with open_mailbox(integrations, mark.integration, run) as mailbox:
        while True:
            Reading(mailbox, mark, run, report, going_on=turn.renew).read()
            if turn.end(mark.covers):
                return


def _come_back(integration: Integration, holder: str, run: Context) -> None:
    """Have somebody look later, once for all who left word with that run: it may be killed for good
    before it heeds it."""
    run.submit(
        run.job,
        {"user": integration.account},
        key=f"after {holder} for {integration.id}",
        delay=_LATER,
        tenant=run.tenant,
    )
