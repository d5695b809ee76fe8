"""Serving: what it answers, what it costs at rest, and what it does in trouble."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.dispatch.executors import StartRefused
from common.dispatch.serve import NET, Server
from common.dispatch.wakeups import Wakeup, open_wakeups
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.errors import Misconfigured
from common.runs import Run, Runs, State, transitions
from tests.dispatch.stub import Stub
from tests.dispatch.wakeups.backends import cloud_settings
from tests.faults import Faulty

MINUTE, HOUR = 60, 3600


class Laptop:
    """A ledger, its wake-ups, and servers whose rests move time."""

    def __init__(self, url, time, *outcomes) -> None:
        self.time = time
        self.store = open_documents(url)
        self.documents = Faulty(self.store, clock=time.clock)
        self.documents._now = time.now
        self.documents.read_interval = self.store.read_interval
        self.runs = Runs(self.documents)
        self.wakeups = LocalWakeups(self.documents)
        self.stub = Stub(*outcomes)
        self.dispatcher = Dispatcher(self.runs, self.stub, wakeups=self.wakeups, clock=time.clock)

    def serve(self, seconds: float, *, meanwhile=lambda: None) -> None:
        """Serve for so long; `meanwhile` happens whenever it rests."""
        end = self.time.elapsed + seconds

        def rest(pause: float) -> None:
            self.time.elapsed = min(end, self.time.elapsed + pause)
            meanwhile()
            if self.time.elapsed == end:
                server.stop()

        server = Server(self.dispatcher, self.wakeups, clock=self.time.clock, wait=rest)
        server.run()

    def submit(self, id: str = "r1", *, due: float = 0.0) -> Run:
        now = self.time.now()
        run = Run(
            id=id,
            job="noop",
            queue="q",
            params="{}",
            created=now,
            due=now + timedelta(seconds=due),
            ready=not due,
            max_attempts=4,
        )
        return self.dispatcher.submit(run)

    def state(self, id: str = "r1") -> State:
        return self.runs.get(id).state

    def claim(self, id: str = "r1", start: int = 1) -> Run:
        return self.runs.claim(id, self.stub.worker(start))

    def succeed(self, run: Run) -> None:
        self.runs.apply(
            run,
            lambda it: transitions.succeed(it, token=run.token, now=self.time.now(), result="1"),
        )


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def laptop(url, time):
    laptop = Laptop(url, time)
    yield laptop
    laptop.store.close()


# --- what it does


def test_a_delayed_run_is_started_when_it_is_due(laptop):
    laptop.submit(due=600)
    laptop.serve(599)
    assert laptop.state() is State.PENDING
    laptop.serve(2)
    assert laptop.state() is State.STARTING
    assert len(laptop.stub.launches) == 1


def test_what_was_left_undone_is_found_when_serving_begins(laptop):
    """It was submitted by a process that died before it looked at the queue."""
    laptop.runs.submit(laptop.submit(due=1))
    laptop.wakeups.purge()
    laptop.time.advance(2)
    laptop.serve(1)
    assert laptop.state() is State.STARTING


def test_a_wakeup_that_was_lost_is_made_good_within_the_hour(laptop):
    laptop.serve(1)
    laptop.submit(due=60)
    laptop.wakeups.purge()
    laptop.serve(HOUR)
    assert laptop.stub.launches


def test_a_run_whose_task_died_goes_on_soon_after_its_lease_ended(laptop):
    laptop.submit()
    laptop.claim()
    laptop.serve(60 + 20)
    assert [attempt.outcome for attempt in laptop.runs.get("r1").attempts] == ["lost"]
    assert laptop.state() is State.STARTING
    assert len(laptop.stub.launches) == 2


def test_what_is_done_is_logged_by_a_line_and_rest_by_none(laptop, caplog):
    caplog.set_level("INFO", "runjobs")
    laptop.serve(HOUR)
    assert caplog.messages == []
    laptop.submit(due=1)
    laptop.serve(5)
    (record,) = caplog.records
    assert record.getMessage() == "Started 1 run of q."
    assert record.fields == {"action": "dispatched", "queue": "q", "runs": ["r1"]}


def test_a_start_that_is_refused_is_told_and_tried_again(url, time, caplog):
    laptop = Laptop(url, time, StartRefused("Too many.", retryable=True))
    laptop.submit(due=1)
    laptop.serve(120)
    assert "Could not start 1 run of q: Too many." in caplog.messages
    assert laptop.state() is State.STARTING
    laptop.store.close()


# --- at rest


def test_an_idle_hour_costs_a_look_each_half_second_and_the_nets_two_writes(laptop):
    laptop.serve(1)
    laptop.documents.calls.clear()
    laptop.serve(HOUR)
    calls = laptop.documents.calls
    assert calls.count("commit") == 2  # the sweep's lease, taken and given up
    assert len(calls) <= HOUR / 0.5 + 30


def test_after_the_last_run_has_ended_nothing_is_due_any_more(laptop):
    """In the cloud nobody looks for timers: without a wake-up nothing runs at all."""
    laptop.submit()
    run = laptop.claim()
    laptop.serve(30)
    laptop.succeed(run)
    laptop.serve(120)
    assert laptop.wakeups.describe().waiting == 0
    assert laptop.dispatcher.sweep().next is None
    assert laptop.wakeups.describe().waiting == 0


def test_doubled_sweeps_do_not_multiply(laptop):
    """Forty begin within forty seconds of a run that is under way; soon they are as one."""
    tasks = Tasks(laptop)
    tasks.start()
    for second in range(40):
        at = laptop.time.now() + timedelta(seconds=second)
        laptop.wakeups.schedule(Wakeup(kind="sweep", name="", at=at))
    moments = sweeps_of(laptop)
    laptop.serve(15 * MINUTE, meanwhile=tasks.beat)
    late = [moment for moment in moments if moment > 5 * MINUTE]
    assert len(late) >= 10
    assert len(late) <= 10 * MINUTE / 15
    assert laptop.wakeups.describe().waiting <= 4


def test_sweeps_are_no_more_however_many_executions_are_started(laptop):
    """Each start has a sweep look after it, which has the next one come; these must meet."""
    tasks = Tasks(laptop)
    moments = sweeps_of(laptop)

    def meanwhile() -> None:
        if laptop.time.elapsed >= 20 * tasks.count:
            tasks.start()
        tasks.beat()

    laptop.serve(12 * MINUTE, meanwhile=meanwhile)
    assert tasks.count >= 36
    late = [moment for moment in moments if moment > 8 * MINUTE]
    assert 4 <= len(late) <= 4 * 5
    assert laptop.wakeups.describe().waiting <= 4


class Tasks:
    """Tasks of five minutes, as far as the ledger is concerned; the first one never ends."""

    def __init__(self, laptop) -> None:
        self.laptop = laptop
        self.count = 0
        self.ends: dict[str, float] = {}
        self.beats: dict[str, float] = {}
        self.runs: dict[str, Run] = {}

    def start(self) -> None:
        self.count += 1
        id, now = f"r{self.count}", self.laptop.time.elapsed
        self.laptop.submit(id)
        self.runs[id] = self.laptop.claim(id, len(self.laptop.stub.launches))
        self.beats[id] = now
        self.ends[id] = now + 5 * MINUTE if self.count > 1 else float("inf")

    def beat(self) -> None:
        """Renew the leases, or finish."""
        now = self.laptop.time.elapsed
        for id, run in [*self.runs.items()]:
            if now >= self.ends[id]:
                self.laptop.succeed(self.runs.pop(id))
            elif now - self.beats[id] >= 15:
                self.beats[id] = now
                self._renew(run)

    def _renew(self, run) -> None:
        renewed = {"now": self.laptop.time.now(), "lease": self.laptop.runs.lease, "progress": None}
        self.laptop.runs.apply(run, lambda it: transitions.renew(it, token=run.token, **renewed))


def sweeps_of(laptop):
    """The moments of all sweeps from now on."""
    moments, sweep = [], laptop.dispatcher.sweep

    def noted():
        moments.append(laptop.time.elapsed)
        return sweep()

    laptop.dispatcher.sweep = noted
    return moments


# --- in trouble


def test_a_store_that_is_away_is_waited_for(laptop, caplog):
    laptop.submit(due=5)
    laptop.documents.patience = 0.0
    laptop.documents.faults.extend(["unavailable"] * 20)
    laptop.serve(600)
    assert laptop.stub.launches
    assert any("has to wait" in message for message in caplog.messages)


def test_several_may_serve_at_once_and_one_starts_each_run(url, time):
    """Real threads, each with a store of its own, over one ledger of delayed runs."""
    laptops = [Laptop(url, time) for _ in range(4)]
    for number in range(40):
        laptops[0].submit(f"r{number}", due=1 + number)
    time.advance(60)
    end = threading.Barrier(4)

    def serve(laptop):
        def rest(_seconds):
            server.stop()

        server = Server(laptop.dispatcher, laptop.wakeups, clock=time.clock, wait=rest)
        end.wait(20)
        server.run()

    threads = [threading.Thread(target=serve, args=[laptop]) for laptop in laptops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    started = [run for laptop in laptops for launch in laptop.stub.launches for run in launch.runs]
    assert sorted(started) == sorted(f"r{number}" for number in range(40))
    for laptop in laptops:
        laptop.store.close()


def test_it_ends_when_it_is_told_to_however_often(laptop):
    server = Server(laptop.dispatcher, laptop.wakeups)
    thread = threading.Thread(target=server.run)
    thread.start()
    server.stop()
    server.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_where_the_platform_calls_there_is_nothing_to_drive(laptop):
    wakeups = open_wakeups(cloud_settings(), laptop.documents)
    with pytest.raises(Misconfigured, match="RUNJOBS_WAKEUPS=local"):
        Server(laptop.dispatcher, wakeups)


def test_the_net_is_an_hour():
    assert timedelta(hours=1) == NET
