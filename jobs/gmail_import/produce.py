"""The whole import: which messages, each in turn, and the list of what they had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.files import Place, write_manifest
from common.google import open_account
from common.integrations.imports import Imports
from common.integrations.results import SHOWN, counted
from common.runtime import Retryable
from jobs.gmail_import.mailbox import Mailbox
from jobs.gmail_import.params import GmailImport, Imported
from jobs.gmail_import.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from common.runtime import Context
    from jobs.gmail_import.taking import Taken

__all__ = ["produce"]

_IN_A_ROW = 3
"""Messages that fail one after the other: then it is Gmail, and none of them."""
_FAILED = 2
"""After so many failed attempts a message that alone fails is left out."""


def produce(params: GmailImport, run: Context) -> Imported:
    """Import what is attached to the messages. Raises NeedsReauth, and Retryable."""
    place = run.destination(params.destination) if params.destination else run.home.below("imports")
    with open_account(
        run.documents,
        tenant=run.tenant,
        user=params.user,
        check=run.check,
        deadline=run.deadline,
    ) as account:
        mailbox = Mailbox(account)
        ids, complete = _messages(params, run, mailbox)
        source = f"gmail/{mailbox.address}"
        imports = Imports(run.documents, place, source, run=run.id, user=params.user)
        taking = Taking(mailbox, imports, params, run.check)
        _take(taking, ids, run)
    return _result(run, place, taking.taken, len(ids), complete=complete)


def _messages(params: GmailImport, run: Context, mailbox: Mailbox) -> tuple[Sequence[str], bool]:
    """Which messages, the same ones in each attempt; and whether those are all."""
    if params.messages:
        return [*dict.fromkeys(params.messages)], True
    if kept := run.checkpointed:
        return kept["messages"], kept["complete"]
    run.progress(0, "searching")
    most = params.most_messages
    found = [*mailbox.search(params.query, spam=params.spam, most=most + 1)]
    ids, complete = found[:most], len(found) <= most
    run.checkpoint({"messages": ids, "complete": complete})
    return ids, complete


def _take(taking: Taking, ids: Sequence[str], run: Context) -> None:
    """Each in turn, and once more what failed for reasons that may pass."""
    again = [*_failing(taking, ids, run)]
    for id in again:
        try:
            taking.take(id)
        except Retryable as error:
            # One that fails each time must not keep the others for ever; if all do, it is Gmail.
            if _failures(run) < _FAILED or len(again) == len(ids):
                raise
            taking.give_up(id, error)


def _failing(taking: Taking, ids: Sequence[str], run: Context) -> Iterator[str]:
    in_a_row = 0
    for number, id in enumerate(ids):
        run.progress(number / len(ids), f"message {number + 1} of {len(ids)}")
        try:
            taking.take(id)
        except Retryable:
            in_a_row += 1
            if in_a_row == _IN_A_ROW:
                raise
            yield id
        else:
            in_a_row = 0


def _failures(run: Context) -> int:
    """Attempts that failed: that a container was taken away says nothing of a message."""
    return sum(each.outcome == "failed" for each in run.history)


def _result(run: Context, place: Place, taken: Taken, messages: int, *, complete: bool) -> Imported:
    there, skipped = [*taken.files.values()], [*taken.skipped.values()]
    manifest = Place(run.blobs, run.path("manifest.jsonl"))
    write_manifest(manifest, [each.file for each in there])
    for each in skipped[:SHOWN]:
        run.log.warning(f"Left out of message {each.id}: {each.reason}.", action="left-out")
    return Imported(
        manifest=manifest.uri,
        destination=place.uri,
        messages=messages,
        complete=complete,
        **counted(there, skipped),
    )
