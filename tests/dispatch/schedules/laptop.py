"""Laptops on which jobs are scheduled."""

from __future__ import annotations

from common.dispatch.executors import Counts
from common.dispatch.schedules.cron import Cron
from common.dispatch.schedules.local import LocalSchedules
from common.runs import Schedule
from common.runs.firings import Firings
from tests.dispatch import laptop
from tests.dispatch.schedules.backends import scheduled
from tests.time import FakeTime


class Laptop(laptop.Laptop):
    """One that fires what is declared to it, while it serves."""

    def __init__(self, url: str, time: FakeTime, *outcomes, **declared: Schedule) -> None:
        super().__init__(url, time, *outcomes)
        self.documents.read_interval = 10.0  # it is served for hours, where little happens
        self.stub.counts = Slow()
        self.jobs = [scheduled(job, schedule) for job, schedule in declared.items()]
        self.schedules = LocalSchedules(
            Firings(self.runs), lambda job: scheduled(job, declared[job]), self.dispatcher.submit
        )

    def cron(self) -> Cron:
        return Cron(self.schedules, self.jobs, self.dispatcher.submit)

    def serve(self, seconds: float) -> None:
        super().serve(seconds, cron=self.cron())

    def sleep(self, seconds: float) -> None:
        """Its owner closes it: time goes by, and nothing in it notices."""
        self.time.elapsed += seconds

    @property
    def launched(self) -> list[str]:
        return [launch.job for launch in self.stub.launches]


class Slow(dict):
    """Every execution is there, and its task has not begun yet."""

    def get(self, _name, _missing=None):
        return Counts(tasks=1, ended=False)
