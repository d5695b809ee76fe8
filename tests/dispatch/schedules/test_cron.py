"""Firing on a laptop: by `runjobs serve`, as many as there are, whatever happens to them."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from common.dispatch import Dispatcher, NotStarted
from common.dispatch.executors import Counts, StartRefused
from common.dispatch.schedules.cron import Cron
from common.dispatch.schedules.local import LocalSchedules
from common.dispatch.serve import Server
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.errors import Misconfigured
from common.runs import Runs, Schedule, State
from common.runs.firings import Firings
from tests.dispatch.schedules.backends import HOURLY, scheduled
from tests.dispatch.stub import Stub
from tests.faults import Faulty

MINUTE, HOUR = 60, 3600


class Laptop:
    """A ledger that is served, as a process of its own would; its rests move time."""

    def __init__(self, url, time, *outcomes, **declared) -> None:
        self.time = time
        self.documents = Faulty(time.rule(open_documents(url)), clock=time.clock)
        self.documents.read_interval = 10.0  # it is served for hours, where little happens
        self.runs = Runs(self.documents)
        self.stub = Stub(*outcomes)
        self.stub.counts = Slow()
        self.wakeups = LocalWakeups(self.documents)
        self.dispatcher = Dispatcher(self.runs, self.stub, wakeups=self.wakeups, clock=time.clock)
        self.jobs = [scheduled(job, schedule) for job, schedule in declared.items()]
        self.schedules = LocalSchedules(
            Firings(self.runs), lambda job: scheduled(job, declared[job]), self.dispatcher.submit
        )

    def cron(self) -> Cron:
        return Cron(self.schedules, self.jobs, self.dispatcher.submit)

    def serve(self, seconds: float) -> None:
        end = self.time.elapsed + seconds

        def rest(pause: float) -> None:
            self.time.elapsed = min(end, self.time.elapsed + pause)
            if self.time.elapsed == end:
                server.stop()

        server = Server(
            self.dispatcher, self.wakeups, cron=self.cron(), clock=self.time.clock, wait=rest
        )
        server.run()

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


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def laptop(url, time):
    laptop = Laptop(url, time, tidy=HOURLY)
    yield laptop
    laptop.documents.inner.close()


def test_while_it_serves_a_job_is_started_at_its_times(laptop):
    laptop.serve(HOUR - 1)
    assert laptop.launched == []
    laptop.serve(2)
    assert laptop.launched == ["tidy"]
    (run,) = laptop.runs.list()
    assert run.state is State.STARTING


def test_each_firing_is_a_line_in_the_log_and_each_that_is_left_out(url, time, caplog):
    caplog.set_level("INFO", "runjobs")
    laptop = Laptop(url, time, tidy=Schedule("*/2 * * * *"))
    laptop.serve(4 * MINUTE + 1)
    (run,) = laptop.runs.list()
    said = [record for record in caplog.records if record.fields.get("job") == "tidy"]
    assert [record.fields["action"] for record in said] == ["fire", "overlap"]
    assert [record.levelname for record in said] == ["INFO", "WARNING"]
    assert said[0].fields["run"] == run.id
    assert said[0].getMessage() == "tidy fires for 2026-11-22 12:02 UTC."
    laptop.documents.inner.close()


def test_what_came_while_nobody_served_is_left_out(laptop, caplog):
    laptop.serve(1)
    laptop.sleep(5.5 * HOUR)
    laptop.serve(1)
    assert laptop.launched == []
    assert "was to fire at 2026-11-22 17:00 UTC, which was missed" in caplog.text
    laptop.serve(HOUR / 2 + 1)
    assert laptop.launched == ["tidy"]


def test_or_is_made_up_for_once_where_that_is_declared(url, time):
    laptop = Laptop(url, time, tidy=Schedule("0 * * * *", missed="once"))
    laptop.serve(1)
    laptop.sleep(5.5 * HOUR)
    laptop.serve(3 * MINUTE)
    assert laptop.launched == ["tidy"]
    laptop.documents.inner.close()


def test_a_laptop_that_was_asleep_while_it_served_fires_within_a_minute_of_waking(url, time):
    """A monotonic clock may stand still meanwhile, so that a long rest would last far too long."""
    laptop = Laptop(url, time, tidy=Schedule("0 0 * * *"))
    assert laptop.cron().turn() <= MINUTE


def test_what_is_declared_no_more_is_forgotten_when_it_is_served_again(laptop, url, time):
    laptop.serve(1)
    other = Laptop(url, time, report=HOURLY)
    other.serve(1)
    assert [entry.job for entry in laptop.schedules.list()] == ["report"]


def test_it_looks_at_the_store_only_when_a_moment_comes(laptop):
    cron = laptop.cron()
    cron.turn()
    laptop.documents.calls.clear()
    for _ in range(59):
        laptop.sleep(MINUTE)
        cron.turn()
    assert laptop.documents.calls == []


def test_with_no_schedules_it_asks_for_nothing(url, time):
    laptop = Laptop(url, time)
    cron = laptop.cron()
    cron.turn()
    laptop.documents.calls.clear()
    assert cron.turn() == MINUTE
    assert laptop.documents.calls == []


# --- in trouble


def test_a_start_that_is_refused_is_told_and_made_good(url, time, caplog):
    laptop = Laptop(url, time, StartRefused("Too many.", retryable=True), tidy=HOURLY)
    laptop.serve(HOUR + 2 * MINUTE)
    assert "Too many." in caplog.text
    assert laptop.launched == ["tidy", "tidy"]
    (run,) = laptop.runs.list()
    assert run.state is State.STARTING
    laptop.documents.inner.close()


def test_whoever_dies_between_firing_and_starting_leaves_it_to_the_next_sweep(laptop):
    laptop.serve(1)

    def die(_run):
        raise KeyboardInterrupt

    laptop.sleep(HOUR)
    with pytest.raises(KeyboardInterrupt):
        Cron(laptop.schedules, laptop.jobs, die).turn()
    assert laptop.runs.list()[0].state is State.PENDING
    laptop.serve(1)
    assert laptop.launched == ["tidy"]


def test_a_store_that_is_away_is_waited_for(laptop, caplog):
    laptop.serve(HOUR - 10)
    laptop.documents.patience = 0.0
    laptop.sleep(10)
    laptop.documents.faults.extend(["unavailable"] * 12)
    laptop.serve(4 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert any("The cron has to wait" in message for message in caplog.messages)


@pytest.mark.parametrize("fault", ["unavailable", "lost"])
@pytest.mark.parametrize("at", range(6))
def test_whatever_goes_wrong_once_a_moment_fires_once_and_is_started(url, time, fault, at):
    laptop = Laptop(url, time, tidy=HOURLY)
    laptop.serve(HOUR - 1)
    laptop.documents.faults.extend([None] * at + [fault])
    laptop.serve(3 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert len(laptop.runs.list()) == 1
    laptop.documents.inner.close()


@pytest.mark.parametrize("at", range(1, 8))
def test_wherever_the_store_goes_away_a_moment_fires_once_and_is_started(url, time, at):
    laptop = Laptop(url, time, tidy=HOURLY)
    laptop.serve(HOUR - 1)
    laptop.documents.patience = 0.0
    laptop.documents.faults.extend([None] * at + ["unavailable"] * 8)
    laptop.serve(4 * MINUTE)
    assert laptop.launched == ["tidy"]
    assert len(laptop.runs.list()) == 1
    laptop.documents.inner.close()


def test_what_could_not_run_here_does_not_fire_and_says_why(url, time, caplog):
    laptop = Laptop(url, time, tidy=HOURLY, report=HOURLY)

    def check(job):
        if job == "tidy":
            raise Misconfigured("tidy needs ffmpeg: pip install 'runjobs[media]'.")

    cron = Cron(laptop.schedules, laptop.jobs, laptop.dispatcher.submit, check=check)
    cron.turn()
    time.advance(HOUR)
    cron.turn()
    assert laptop.launched == ["report"]
    assert "tidy needs ffmpeg" in caplog.text
    laptop.documents.inner.close()


def test_of_several_that_serve_one_fires_and_starts_each_moment(url, time):
    laptops = [Laptop(url, time, tidy=HOURLY, report=Schedule("*/20 * * * *")) for _ in range(4)]
    crons = [laptop.cron() for laptop in laptops]
    for cron in crons:
        cron.turn()
    for _ in range(6):
        time.advance(timedelta(minutes=20))
        together(crons)
        end_all(laptops[0].runs)
    launched = sorted(job for laptop in laptops for job in laptop.launched)
    assert launched == ["report"] * 6 + ["tidy"] * 2
    for laptop in laptops:
        laptop.documents.inner.close()


def together(crons) -> None:
    """All look at once."""
    begin = threading.Barrier(len(crons))

    def turn(cron):
        begin.wait(20)
        cron.turn()

    threads = [threading.Thread(target=turn, args=[cron]) for cron in crons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def end_all(runs) -> None:
    for run in runs.list():
        if not run.state.ended:
            runs.cancel(run.id)


def test_not_started_is_told_and_does_not_keep_others_from_firing(url, time, caplog):
    laptop = Laptop(url, time, tidy=HOURLY, report=HOURLY)
    started = []

    def start(run):
        if run.job == "tidy":
            raise NotStarted(run, StartRefused("No.", retryable=False))
        started.append(run.job)

    cron = Cron(laptop.schedules, laptop.jobs, start)
    cron.turn()
    time.advance(HOUR)
    cron.turn()
    assert started == ["report"]
    assert "could not be started: No." in caplog.text
    laptop.documents.inner.close()
