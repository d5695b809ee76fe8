"""What is to be made of a look: how the monitor stands after it, and the change, if it is one.

unknown ──► watching ◄──────► gone
  begins      │  ▲     gone, back
              └──┘ changed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from jobs.monitor_check import snapshots
from jobs.monitor_check.comparing import Difference, compare
from jobs.monitor_check.looking import Gone, NothingToWatch, Same, Seen
from jobs.monitor_check.state import Change, Kind, Monitor, monitor_id, view_of
from jobs.monitor_check.summary import told
from jobs.monitor_check.words import in_words

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.monitor_check.params import MonitorCheck

__all__ = ["Judged", "Judging"]

_TOLD = 20
"""Sentences of each kind, and warnings, that a change's document has."""


class Judged(NamedTuple):
    """What comes of a look."""

    monitor: Monitor
    change: Change | None = None
    warnings: tuple[str, ...] = ()
    first: bool = False
    """Whether there was nothing to compare with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judging:
    """Judges one look."""

    params: MonitorCheck
    run: Context
    old: Monitor | None
    """The monitor of that name, whatever it has watched till now."""

    @property
    def known(self) -> Monitor | None:
        """What there is to compare with: None where something else was watched by that name."""
        view = view_of(self.params.source, self.params.selector)
        return self.old if self.old is not None and self.old.view == view else None

    def judge(self, seen: Seen | Same | Gone, now: datetime) -> Judged:
        """What is to be recorded. Raises NothingToWatch, and what says that nothing is there."""
        known = self.known
        if isinstance(seen, Gone):
            return self._gone(seen, now)
        if isinstance(seen, Same):
            assert known is not None  # noqa: S101 - only what is known can be the same
            return Judged(replace(known, checked=now))
        before = snapshots.before(self.run, known.snapshot) if known else None
        if known is None or before is None:
            return self._begun(seen, now)
        difference = compare(before, seen.sentences, self.params.ignore)
        if known.state == "watching" and not self._counts(difference):
            fresh = replace(known, checked=now, seen=seen.mark, etag=seen.etag)
            return Judged(fresh, None, (*seen.warnings,))
        return self._changed(known, seen, difference, now)

    def _begun(self, seen: Seen, now: datetime) -> Judged:
        if not seen.sentences:
            raise NothingToWatch(seen.uri, self.params.selector)
        lost = ("The last snapshot is not there any more: watching begins anew.",)
        monitor = Monitor(
            tenant=self.run.tenant,
            monitor=self.params.monitor,
            view=view_of(self.params.source, self.params.selector),
            source=seen.uri,
            sha256=seen.sha256,
            snapshot=self._kept(seen),
            number=self.old.number if self.old else 0,
            seen=seen.mark,
            etag=seen.etag,
            created=now,
            checked=now,
        )
        return Judged(monitor, None, (*(lost if self.known else ()), *seen.warnings), first=True)

    def _gone(self, seen: Gone, now: datetime) -> Judged:
        known = self.known
        if known is None:
            raise seen.error
        if known.state == "gone":
            return Judged(replace(known, checked=now))
        change = replace(
            self._change(known, "gone", now),
            summary="" if self.params.summary == "none" else f"It is gone: {seen.said}.",
        )
        return Judged(known.after(change, seen="", etag=""), change)

    def _changed(self, known: Monitor, seen: Seen, difference: Difference, now: datetime) -> Judged:
        warn = [*seen.warnings]
        kind: Kind = "changed" if known.state == "watching" else "back"
        change = replace(
            self._change(known, kind, now),
            after=seen.sha256,
            snapshot=self._kept(seen),
            added=len(difference.added),
            removed=len(difference.removed),
            similarity=round(difference.similarity, 4),
            additions=told(difference.added, _TOLD),
            removals=told(difference.removed, _TOLD),
            summary=in_words(kind, difference, self.params, self.run, warn),
            diff=self._kept_diff(known, seen, difference),
            warnings=warn[:_TOLD],
        )
        fields = {"sha256": change.after, "snapshot": change.snapshot}
        return Judged(known.after(change, seen=seen.mark, etag=seen.etag, **fields), change)

    def _change(self, known: Monitor, kind: Kind, now: datetime) -> Change:
        return Change(
            tenant=known.tenant,
            monitor=known.monitor,
            run=self.run.id,
            number=known.number + 1,
            kind=kind,
            at=now,
            source=known.source,
            before=known.sha256,
            after=known.sha256,
            snapshot=known.snapshot,
        )

    def _counts(self, difference: Difference) -> bool:
        changed = bool(difference.added or difference.removed)
        return changed and difference.similarity <= 1.0 - self.params.min_change

    def _kept(self, seen: Seen) -> str:
        return snapshots.keep(self.run, self._id, seen.sha256, seen.text)

    def _kept_diff(self, known: Monitor, seen: Seen, difference: Difference) -> str:
        name = f"{known.sha256[:16]}-{seen.sha256[:16]}-{seen.mark[-16:]}"
        return snapshots.keep_diff(self.run, self._id, name, difference.lines)

    @property
    def _id(self) -> str:
        return monitor_id(self.run.tenant, self.params.monitor)
