"""All watches: those that are needed are renewed in time, the others end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from common.documents import Query
from common.google.gmail.watching import watch_of
from common.integrations import COLLECTION
from common.integrations.integration import integration_of
from common.integrations.pages import every
from common.maintenance import Upkeep
from common.words import several
from jobs.gmail_watch_renewal.judging import Todo
from jobs.gmail_watch_renewal.keeper import Keeper
from jobs.gmail_watch_renewal.params import GmailWatchRenewal, Renewed

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["renew"]

_PAGE = 40
"""Integrations that are gone through between two checkpoints: of them a kill forgets what Gmail
answered, and it is asked again."""
_READS = "automation-trigger"
_ALL = Query(COLLECTION)


def renew(params: GmailWatchRenewal, run: Context) -> Renewed:
    """Look after all of them. Raises TooMany, and what may pass of what Google answers."""
    with Upkeep(run, params, page=_PAGE) as upkeep:
        keeper = Keeper(params, run, upkeep)
        upkeep.guard(_ending(keeper, upkeep), of=_ALL, what="watches that nobody needs")
        for page in upkeep.pages(_ALL):
            upkeep.each(page, keeper.step)
            if not upkeep.dry_run:
                _have_read(keeper, run, upkeep)
            if keeper.failures:  # the page is gone through again, by another attempt
                raise keeper.failures[0]
        report = upkeep.report(Renewed, _sentence)
    done = {"success": not report.failed_count, "troubles": keeper.troubles}
    return report.model_copy(update=done)


def _ending(keeper: Keeper, upkeep: Upkeep) -> int:
    """How many are to be ended."""
    watched = filter(watch_of, map(integration_of, every(upkeep.documents, None)))
    return sum(keeper.todo(integration) is Todo.STOP for integration in watched)


def _have_read(keeper: Keeper, run: Context, upkeep: Upkeep) -> None:
    """Have mailboxes read in which there may be what nobody was told of; each once, in this run."""
    for account in filter(None, keeper.unread):
        run.submit(_READS, {"user": account}, key=f"watched {account}")
        upkeep.note(read_count=1)
    keeper.unread.clear()


def _sentence(counts: Mapping[str, int]) -> str:
    left = counts["needs_reauth_count"]
    parts = [
        f"Renewed {several(counts['renewed_count'], 'watch', 'watches')} on Gmail",
        f"ended {counts['stopped_count']:,} that nobody needs",
        several(counts["current_count"], "goes on", "go on"),
    ]
    if left:
        parts.append(f"consents to be given anew: {left:,}")
    if failed := counts["failed_count"]:
        parts.append(f"refused by Google: {failed:,}")
    return "; ".join(parts) + "."
