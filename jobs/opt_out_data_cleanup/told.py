"""Runs of the operator's that name an account, as Gmail told of it.

Of those that failed nothing else disposes: a dead letter is kept until somebody discards it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.integrations import Integrations
from jobs.opt_out_data_cleanup.pages import pages
from jobs.opt_out_data_cleanup.said import params_of, text
from jobs.opt_out_data_cleanup.where import RUNS

if TYPE_CHECKING:
    from common.documents import Document, Documents
    from common.integrations import Integration

__all__ = ["is_shared", "told_of"]

_JOB = "automation-trigger"


def told_of(documents: Documents, integration: Integration) -> Iterator[Document]:
    """Dead letters of an account by which nobody else acts."""
    if not integration.account or is_shared(Integrations(documents), integration):
        return
    for run in pages(documents, RUNS, ("state", "==", "failed"), order=("-created",)):
        account = text(params_of(run).get("user")).lower()
        is_operators = run.data.get("job") == _JOB and not run.data.get("tenant")
        if is_operators and account == integration.account:
            yield run


def is_shared(integrations: Integrations, integration: Integration) -> bool:
    """Whether another integration acts by the same account."""
    if not integration.account:
        return False
    same = integrations.by_account(integration.provider, integration.account)
    return any(each.id != integration.id for each in same)
