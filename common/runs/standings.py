"""How scheduled jobs stand, each in a document of its own that is written once a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from common.documents import Create, Data, Document, Documents, Query, Update, Write
from common.runs.firing import Fired, Standing, Verdict
from common.runs.schedule import Schedule

__all__ = ["FIRES", "Standings", "noted"]

SCHEDULES = "schedules"
FIRES = frozenset({Verdict.FIRE, Verdict.ASKED})


class Standings:
    """The standings in a documents store."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def get(self, job: str) -> Standing:
        """How a job stands; one of which nothing is noted stands at the beginning."""
        return _read(job, self.documents.get(SCHEDULES, job))

    def list(self) -> Sequence[Standing]:
        """All of which something is noted, by name."""
        found = [_read(each.id, each) for each in self.documents.query(Query(SCHEDULES))]
        return sorted(found, key=lambda standing: standing.job)

    def note(self, job: str, schedule: Schedule) -> bool:
        """Have a job's moments count from now on, unless they do; returns whether that is news."""
        if self.get(job).cron == str(schedule):
            return False
        now = self.documents.now()
        self._write(job, {"cron": str(schedule), "since": now})
        return True

    def forget(self, jobs: Iterable[str]) -> None:
        """Have the moments of jobs count no more; what became of earlier ones stays."""
        for job in jobs:
            self._write(job, {"cron": "", "since": None})

    def pause(self, job: str, *, paused: bool = True) -> None:
        """Have it not fire, or fire again: what it missed meanwhile is not made up."""
        since = {} if paused else {"since": self.documents.now()}
        self._write(job, {"paused": paused, **since})

    def _write(self, job: str, data: Data) -> None:
        self.documents.update(SCHEDULES, job, lambda _: data)


def noted(standing: Standing, cron: str, fired: Fired) -> Write:
    """The write that says what became of a moment; it holds only if nobody else said so."""
    counts = {**standing.counts, fired.verdict.value: standing.count(fired.verdict) + 1}
    data: dict[str, object] = {
        "cron": cron,
        "since": standing.since or fired.moment,
        "decided": max(standing.decided or fired.moment, fired.moment),
        "counts": counts,
    }
    if fired.verdict in FIRES and fired.run is not None:
        data |= {"last": fired.moment, "run": fired.run.id}
    if fired.moment == standing.asked:
        data["asked"] = None
    if standing.version is None:
        return Create(SCHEDULES, standing.job, data)
    return Update(SCHEDULES, standing.job, data, standing.version)


def _read(job: str, found: Document | None) -> Standing:
    data: Data = found.data if found else {}
    return Standing(
        job=job,
        cron=data.get("cron") or "",
        since=data.get("since"),
        decided=data.get("decided"),
        last=data.get("last"),
        run=data.get("run"),
        paused=bool(data.get("paused")),
        asked=data.get("asked"),
        counts=data.get("counts") or {},
        version=found.version if found else None,
    )
