"""The schedules, each with time that a test moves, and what fires them."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from common.dispatch.schedules import Schedules
from common.dispatch.schedules.cloud_scheduler import CloudScheduler
from common.dispatch.schedules.cron import Cron
from common.dispatch.schedules.local import LocalSchedules
from common.documents import open_documents
from common.errors import InvalidInput
from common.ids import derived_id
from common.localcloud.answers import Answer
from common.localcloud.outgoing import Outgoing
from common.runs import Run, Runs, Schedule, State, Worker, transitions
from common.runs.firings import Firings, NotFired, Scheduled
from common.settings import Settings
from tests.faults import Faulty
from tests.services.local_cloud import Platform, serving
from tests.time import FakeTime

HOURLY = Schedule("0 * * * *")


def scheduled(job: str, schedule: Schedule) -> Scheduled:
    def make(moment: datetime, now: datetime) -> Run:
        id = derived_id("test", job, moment.isoformat())
        return Run(id=id, job=job, queue="q", params="{}", created=now, due=now, max_attempts=3)

    return Scheduled(job=job, schedule=schedule, make=make)


class Backend(ABC):
    """Schedules under test, at noon. A run ends once it was started, unless they `stay`."""

    schedules: Schedules

    def __init__(self, time: FakeTime, url: str) -> None:
        self.time = time
        self.store = open_documents(url)
        self.documents = Faulty(time.rule(self.store), clock=time.clock)
        self.documents.patience = 5.0
        self.runs = Runs(self.documents)
        self.firings = Firings(self.runs)
        self.declared: dict[str, Schedule] = {}
        self.stay = False

    def find(self, job: str) -> Scheduled:
        if job not in self.declared:
            raise InvalidInput(f"There is no job {job!r}.")
        return scheduled(job, self.declared[job])

    def apply(self, **declared: Schedule):
        self.declared = declared
        return self.schedules.apply(declared)

    @property
    def entries(self):
        return {entry.job: entry for entry in self.another().list()}

    @property
    def fired(self) -> list[tuple[str, str]]:
        """Jobs and the times of day at which they were fired, the earliest first."""
        found = sorted(self.runs.list(), key=lambda run: run.created)
        return [(run.job, f"{run.created:%H:%M}") for run in found]

    def end(self, run: Run) -> Run:
        if run.state is State.PENDING:
            run = self.runs.claim(run.id, Worker(name="by-hand"))
        return self.runs.apply(
            run,
            lambda it: transitions.succeed(it, token=run.token, now=self.time.now(), result="1"),
        )

    def started(self, run: Run) -> Run:
        """What a run comes to that was started."""
        return run if self.stay else self.end(run)

    @abstractmethod
    def another(self) -> Schedules:
        """The same schedules as another process has them."""

    @abstractmethod
    def advance(self, span: timedelta) -> None:
        """Let time go by, and fire what is due in it."""

    @abstractmethod
    def lose_an_answer(self, after: int = 0) -> None:
        """Have a thing that is asked be done, and its answer be lost."""

    @abstractmethod
    def go_away(self) -> None:
        """Have nothing answer any more, and whoever asks have little patience."""


class Local(Backend):
    """Noted in a store, and fired by what `runjobs serve` has."""

    def __init__(self, time: FakeTime, url: str) -> None:
        super().__init__(time, url)
        self.schedules = self.another()

    def another(self) -> LocalSchedules:
        return LocalSchedules(self.firings, self.find, self.started)

    def cron(self) -> Cron:
        jobs = [scheduled(job, schedule) for job, schedule in self.declared.items()]
        return Cron(self.schedules, jobs, self.started)

    def advance(self, span: timedelta) -> None:
        end, cron = self.time.elapsed + span.total_seconds(), self.cron()
        while (pause := cron.turn()) <= 0 or self.time.elapsed < end:
            self.time.elapsed = min(end, self.time.elapsed + pause)

    def lose_an_answer(self, after: int = 0) -> None:
        self.documents.faults.extend([None] * after + ["lost"])

    def go_away(self) -> None:
        self.documents.patience = 0.0
        self.documents.faults.extend(["unavailable"] * 100)


class Cloud(Backend):
    """The real client against the local cloud, whose starts of jobs the test itself carries out."""

    def __init__(self, time: FakeTime, url: str, platform: Platform) -> None:
        super().__init__(time, url)
        self.platform, self.faults = platform, platform.faults
        self.requests: list[Outgoing] = []
        self.refused: list[NotFired] = []
        platform.cloud.scheduler.engine._send = self._start
        self.schedules = self.another()

    def another(self, *, timeout: float = 20.0, **environ: str) -> CloudScheduler:
        return CloudScheduler(
            self.firings,
            self.find,
            cloud_settings(**environ),
            endpoint=self.platform.url,
            timeout=timeout,
        )

    def advance(self, span: timedelta) -> None:
        end = self.time.elapsed + span.total_seconds()
        while True:
            self.platform.turn()
            due = self.platform.store.next("scheduler")
            at = end if due is None else (due - self.time.start).total_seconds()
            if at > end or (due is None and self.time.elapsed >= end):
                break
            self.time.elapsed = max(self.time.elapsed, at)
        self.time.elapsed = end

    def lose_an_answer(self, after: int = 0) -> None:
        self.faults.next.extend([None] * after + ["lost"])

    def go_away(self) -> None:
        self.schedules = self.another(timeout=0.3)
        self.faults.next.extend([503] * 100)

    def _start(self, request: Outgoing) -> Answer:
        """What a container does that Cloud Run starts as it is asked to."""
        self.requests.append(request)
        (override,) = json.loads(request.body)["overrides"]["containerOverrides"]
        assert override == {"env": [{"name": "RUNJOBS_SCHEDULED", "value": "1"}]}
        job = request.url.rpartition("/")[2].removesuffix(":run")
        try:
            name = f"{job}-{len(self.requests)}"
            self.started(self.firings.begin(self.find(job), Worker(name=name)))
        except NotFired as error:
            self.refused.append(error)
        return Answer(status=200)


def cloud_settings(**environ: str) -> Settings:
    given = {
        "RUNJOBS_SCHEDULES": "cloud-scheduler",
        "RUNJOBS_SCHEDULER_ACCOUNT": "scheduler@test.iam.gserviceaccount.com",
        "GOOGLE_CLOUD_PROJECT": "test",
    }
    return Settings.load({**given, **environ})


@contextmanager
def local(time: FakeTime, url: str) -> Iterator[Local]:
    backend = Local(time, url)
    yield backend
    backend.store.close()


@contextmanager
def cloud(time: FakeTime, home: Path) -> Iterator[Cloud]:
    settings = Settings.load({"RUNJOBS_HOME": str(home), "GOOGLE_CLOUD_PROJECT": "test"})
    documents = time.rule(open_documents(settings.documents))
    with serving(settings, documents, acting=False) as platform:
        backend = Cloud(time, f"sqlite:///{home}/ledger.sqlite3", platform)
        yield backend
        backend.store.close()
    documents.close()
