"""The whole check.

look ──► judge ──► record ──► announce
  ▲                  │ somebody else has recorded since
  └──────────────────┘

What an earlier attempt of this run has recorded is only announced: the change's document, made in
the commit that writes the monitor, is what this run has found, however often it is tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.documents import Conflict, Create, Update
from common.runtime import Retryable
from jobs.monitor_check.judging import Judged, Judging
from jobs.monitor_check.looking import look
from jobs.monitor_check.params import Checked
from jobs.monitor_check.state import CHANGES, MONITORS, Change, Monitor, change_id, monitor_id

if TYPE_CHECKING:
    from common.documents import Document, Write
    from common.runtime import Context
    from jobs.monitor_check.params import MonitorCheck

__all__ = ["produce"]

_WARNINGS = 20
_LOOKS = 3
"""At the source, where others keep recording what they saw there."""


def produce(params: MonitorCheck, run: Context) -> Checked:
    """Check once. Raises what looking raises, and what announcing does."""
    if params.webhook:
        _vet(params.webhook, run)
    checked = _checked(params, run)
    if not checked.change or not params.webhook:
        return checked
    run.progress(0.9, "Announcing it")
    _announce(checked.change, params.webhook, run)
    return checked.model_copy(update={"announced": True})


def _vet(webhook: str, run: Context) -> None:
    """What would keep a change from being announced is told before there is one."""
    from common.fetch import vet
    from jobs.monitor_check.webhook import secret

    vet(webhook)
    secret(run.tenant)


def _checked(params: MonitorCheck, run: Context) -> Checked:
    for _ in range(_LOOKS):
        document = run.documents.get(MONITORS, monitor_id(run.tenant, params.monitor))
        # Read after the monitor: an attempt that was given up for dead may still be recording, and
        # what it records from here on is a conflict.
        if recorded := run.documents.get(CHANGES, change_id(run.id)):
            return _recorded(Change.of(recorded), run)
        run.progress(0.05, "Fetching the source")
        old = Monitor.of(document) if document else None
        judging = Judging(params=params, run=run, old=old)
        found = judging.judge(look(params, run, judging.known), run.documents.now())
        if _record(found, document, run):
            return _result(found, run)
    raise Retryable(f"Others keep checking {params.monitor!r}: give each monitor one schedule.")


def _record(found: Judged, document: Document | None, run: Context) -> bool:
    """Whether it holds: not where others have recorded since we looked."""
    monitor, change = found.monitor, found.change
    id = monitor_id(monitor.tenant, monitor.monitor)
    writes: list[Write] = [
        Update(MONITORS, id, monitor.data, document.version)
        if document
        else Create(MONITORS, id, monitor.data)
    ]
    if change:
        writes.append(Create(CHANGES, change_id(run.id), change.data))
    try:
        run.documents.commit(writes)
    except Conflict:
        return False
    return True


def _announce(id: str, url: str, run: Context) -> None:
    from jobs.monitor_check.webhook import announce

    found = run.documents.get(CHANGES, id)
    change = Change.of(found) if found else None
    if change is None or change.announced:
        return
    announce(url, id, change, run)
    now = run.documents.now()
    run.documents.update(CHANGES, id, lambda there: {"announced": now} if there else None)
    run.log.info(f"Change {change.number} is announced.", action="announced", change=id)


def _result(found: Judged, run: Context) -> Checked:
    if found.change:
        return _recorded(found.change, run)
    monitor = found.monitor
    return Checked(
        monitor=monitor.monitor,
        state=monitor.state,
        first=found.first,
        changed=False,
        number=monitor.number,
        snapshot=run.blobs.uri(monitor.snapshot),
        warnings=[*found.warnings[:_WARNINGS]],
    )


def _recorded(change: Change, run: Context) -> Checked:
    run.log.info(
        f"{change.monitor} has {_WORDS[change.kind]}.",
        action=f"monitor-{change.kind}",
        added=change.added,
        removed=change.removed,
    )
    return Checked(
        monitor=change.monitor,
        state="gone" if change.kind == "gone" else "watching",
        first=False,
        changed=True,
        change=change_id(run.id),
        kind=change.kind,
        number=change.number,
        added=change.added,
        removed=change.removed,
        similarity=change.similarity,
        summary=change.summary,
        snapshot=run.blobs.uri(change.snapshot),
        diff=run.blobs.uri(change.diff) if change.diff else None,
        warnings=change.warnings,
    )


_WORDS = {"changed": "changed", "gone": "gone away", "back": "come back"}
