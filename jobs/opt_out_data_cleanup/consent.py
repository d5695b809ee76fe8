"""Giving a person's consent back to Google."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.google import GoogleError, open_account, revoke
from common.google.gmail.watching import stop_watch, watch_of
from common.integrations import Integrations, Undecipherable
from common.runtime import Retryable
from jobs.opt_out_data_cleanup.told import is_shared

if TYPE_CHECKING:
    from common.integrations import Integration
    from common.runtime import Context

__all__ = ["give_back"]

_GOOGLE = "google"
_PATIENCE = 20.0
"""Seconds for ending a watch, with all tries."""
_PAUSES = (1.0, 4.0)
"""Seconds between the tries to give a consent back."""


def give_back(integration: Integration, run: Context) -> RunjobsError | None:
    """Have Google forget it; returns why it may not have. Where another's integration acts by the
    same account it stays, for Google would forget that one, too. Raises Misconfigured."""
    integrations = Integrations(run.documents)
    if integration.provider != _GOOGLE or is_shared(integrations, integration):
        return None
    _end_watch(integrations, integration, run)
    failure: RunjobsError | None = None
    for pause in (*_PAUSES, None):
        try:
            revoke(integrations, integration)
        except Retryable as error:
            failure = error
        except (GoogleError, Undecipherable) as error:
            return error
        else:
            return None
        if pause is not None:
            run.sleep(pause)
    return failure


def _end_watch(integrations: Integrations, integration: Integration, run: Context) -> None:
    """As far as that can be done: without a consent Gmail publishes nothing for long."""
    watch = watch_of(integration)
    if watch is None or watch.until <= run.documents.now():
        return
    with (
        suppress(RunjobsError),
        open_account(
            run.documents,
            tenant=integration.tenant,
            user=integration.user,
            check=run.check,
            deadline=run.deadline,
            patience=_PATIENCE,
            integrations=integrations,
        ) as account,
    ):
        stop_watch(account)
