"""From params to files in a Drive: what there is to send, where to, and what became of it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.google.drive import reason
from common.integrations.results import SHOWN
from common.runtime.tally import Tally
from common.runtime.threads import Threads
from jobs.drive_export.ledger import Ledger, Sending
from jobs.drive_export.params import DriveExport, Exported, ExportedFile, Skipped
from jobs.drive_export.send import Sender
from jobs.drive_export.sources import Source, sources_of
from jobs.drive_export.step import Damaged, Locked
from jobs.drive_export.target import target

if TYPE_CHECKING:
    from common.runtime import Context

__all__ = ["produce"]

_THREADS = 4
_LISTED = 500


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class _Sent:
    """What became of one file: it is there, or Drive does not take it, or it failed for now."""

    source: Source
    sending: Sending | None = None
    skipped: str | None = None
    failed: RunjobsError | None = None


def produce(params: DriveExport, run: Context) -> Exported:
    """Send the files, and list them."""
    from common.google import open_account

    sources = sources_of(params, run)
    account = open_account(
        run.documents, tenant=run.tenant, user=params.user, check=run.check, deadline=run.deadline
    )
    tally = Tally(run, files=len(sources), bytes=sum(source.size for source in sources))
    with account:
        folder = target(account, params.folder)
        sender = Sender(
            account,
            _ledger(params, run, folder.id),
            folder,
            convert=params.convert,
            run=run.id,
            check=run.check,
            moved=tally.moved,
        )
        sent = _all_sent(run, sources, sender, tally)
    return _told(run, folder.id, sent)


def _ledger(params: DriveExport, run: Context, folder: str) -> Ledger:
    """The same file is the same again, unless each run is to make it anew."""
    kind, own = "sheets" if params.convert else "", run.id if params.again == "new" else ""
    return Ledger(run.documents, run.tenant, params.user, folder, kind, own)


def _all_sent(run: Context, sources: list[Source], sender: Sender, tally: Tally) -> list[_Sent]:
    """All files, in order. What failed for now is raised when the others are there, so that the
    next attempt has only that to do."""
    sent: list[_Sent] = []
    with Threads(run, _THREADS, idle=tally.say) as threads:
        for each in threads.map(lambda source: _send(sender, source), sources):
            sent.append(each)
            tally.done()
    for each in sent:
        if each.failed:
            raise each.failed
    return sent


def _send(sender: Sender, source: Source) -> _Sent:
    from common.google import Rejected
    from common.google.errors import Passing

    try:
        return _Sent(source=source, sending=sender(source))
    except (Rejected, Locked) as error:
        return _Sent(source=source, skipped=reason(error))
    except (Damaged, Passing) as error:
        return _Sent(source=source, failed=error)


def _told(run: Context, folder: str, sent: list[_Sent]) -> Exported:
    files = [_file(each.source, each.sending) for each in sent if each.sending]
    skipped = [Skipped(name=each.source.name, reason=each.skipped) for each in sent if each.skipped]
    lines = (json.dumps(file.model_dump(), ensure_ascii=False) + "\n" for file in files)
    path, kind = run.path("exported.jsonl"), "application/jsonl"
    states = [file.state for file in files]
    return Exported(
        files=files[:_LISTED],
        listing=run.blobs.write(path, "".join(lines).encode(), content_type=kind).uri,
        folder=folder,
        created=states.count("created"),
        updated=states.count("updated"),
        unchanged=states.count("unchanged"),
        bytes=sum(each.source.size for each in sent if each.sending),
        skipped=skipped[:SHOWN],
        skipped_count=len(skipped),
    )


def _file(source: Source, sending: Sending) -> ExportedFile:
    id, link = sending.file or "", sending.link
    return ExportedFile(name=source.name, id=id, link=link, state=sending.what)
