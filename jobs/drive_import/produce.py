"""From params to a manifest: listed, brought, written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from common.blobs import BlobNotFound
from common.files import Place, write_manifest
from common.integrations.imports import Imports
from common.integrations.results import Skipped, counted
from common.runtime.tally import Tally
from common.runtime.threads import Threads
from common.words import several
from jobs.drive_import.fetch import Brought, Fetcher
from jobs.drive_import.listing import Listing
from jobs.drive_import.look import Looker, first_tasks
from jobs.drive_import.params import DriveImport, Imported

if TYPE_CHECKING:
    from common.google import Account
    from common.runtime import Context

__all__ = ["produce"]

_THREADS = 4
_FRESH = timedelta(hours=1)
"""How long an earlier attempt's list is taken for what there is."""


def produce(params: DriveImport, run: Context) -> Imported:
    """Import the files, and list them."""
    from common.google import open_account

    destination = run.destination(params.destination) if params.destination else _home(run)
    imports = Imports(run.documents, destination, "drive", run=run.id, user=params.user)
    account = open_account(
        run.documents, tenant=run.tenant, user=params.user, check=run.check, deadline=run.deadline
    )
    with account:
        listing = _listed(params, run, account)
        bytes = sum(found.size or 0 for found in listing.files.values())
        tally = Tally(run, files=len(listing.files), bytes=bytes)
        fetcher = Fetcher(account, imports, params, sleep=run.sleep, moved=tally.moved)
        brought = _brought(run, listing, fetcher, tally)
    return _told(run, destination, listing, brought)


def _home(run: Context) -> Place:
    return run.home.below("imports")


def _listed(params: DriveImport, run: Context, account: Account) -> Listing:
    listing, kept = _resumed(params, run)

    def keep(part: bytes) -> None:
        kept.append(run.blobs.write(run.path(f"listing/{len(kept)}.jsonl"), part).path)
        run.checkpoint({"listed": kept, "at": run.documents.now().isoformat()})
        run.progress(0.0, f"{len(listing.files):,} files found")

    with Threads(run, _THREADS) as threads:
        listing.look(Looker(account, params), threads, keep)
    match = several(len(listing.files), "file matches", "files match")
    run.log.info(f"{match}.", action="drive-listed")
    return listing


def _resumed(params: DriveImport, run: Context) -> tuple[Listing, list[str]]:
    """What an earlier attempt has listed, and the parts that say so; nothing if they cannot be
    read, as when another version of this job wrote them."""
    kept = _kept_parts(run)
    listing = Listing(first_tasks(params), most=params.most_files)
    try:
        for path in kept:
            listing.replay(Place(run.blobs, path))
    except (ValueError, TypeError, LookupError, BlobNotFound):
        return Listing(first_tasks(params), most=params.most_files), []
    return listing, kept


def _kept_parts(run: Context) -> list[str]:
    """Of the list that an earlier attempt made, if that was a short while ago."""
    kept: dict[str, Any] = run.checkpointed or {}
    if not kept or run.documents.now() - datetime.fromisoformat(kept["at"]) > _FRESH:
        return []
    return list(kept["listed"])


def _brought(run: Context, listing: Listing, fetch: Fetcher, tally: Tally) -> list[Brought]:
    """All files, in the order of the list. What failed for now is raised when the others are
    there, so that the next attempt has only that to do."""
    all = []
    with Threads(run, _THREADS, idle=tally.say) as threads:
        for brought in threads.map(fetch, listing.files.values()):
            all.append(brought)
            tally.done()
    for brought in all:
        if brought.failed:
            raise brought.failed
    return all


def _told(run: Context, destination: Place, listing: Listing, brought: list[Brought]) -> Imported:
    there = [each.imported for each in brought if each.imported]
    skipped = [Skipped(**each) for each in listing.skipped]
    skipped += [
        Skipped(name=each.found.name, id=each.found.id, reason=each.skipped)
        for each in brought
        if each.skipped
    ]
    manifest = Place(run.blobs, run.path("manifest.jsonl"))
    write_manifest(manifest, [each.file for each in there])
    return Imported(
        manifest=manifest.uri,
        destination=destination.uri,
        complete=listing.complete,
        **counted(there, skipped),
    )
