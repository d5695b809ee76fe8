"""A ledger at noon, and what fires there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.documents import Query
from common.ids import derived_id
from common.runs import Run, Runs, Schedule, State, Worker
from common.runs.firing import Verdict
from common.runs.firings import Firings, NotFired, Scheduled
from tests.faults import Faulty
from tests.runs.making import finished, made

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURLY = "0 * * * *"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def job(name="tidy", cron=HOURLY, **options) -> Scheduled:
    def make(moment: datetime, now: datetime) -> Run:
        return made(now, derived_id("test", name, moment.isoformat()), job=name)

    return Scheduled(job=name, schedule=Schedule(cron, **options), make=make)


def worker(number=1, **options) -> Worker:
    return Worker(name=f"x-{number}", **options)


class Ledger:
    """A ledger at noon."""

    def __init__(self, documents, time) -> None:
        self.time = time
        self.documents = Faulty(time.rule(documents), clock=time.clock)
        self.documents.patience = 5.0
        self.runs = Runs(self.documents)
        self.firings = Firings(self.runs)

    def tick(self, scheduled, **options):
        return self.firings.tick(scheduled, **options).verdict

    def begin(self, scheduled, number=1, **options) -> Run:
        return self.firings.begin(scheduled, worker(number, **options))

    def refusal(self, scheduled, number=2, **options) -> Verdict:
        with pytest.raises(NotFired) as refused:
            self.begin(scheduled, number, **options)
        return refused.value.fired.verdict

    def end(self, run: Run | None = None) -> None:
        run = run or self.runs.list()[0]
        if run.state is State.PENDING:
            run = self.runs.claim(run.id, worker())
        finished(self.runs, run)

    def standing(self, name="tidy"):
        return self.firings.get(name)

    @property
    def count(self) -> int:
        return self.documents.count(Query("runs"))
