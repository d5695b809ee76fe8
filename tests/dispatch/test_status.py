"""How everything stands: counted, and never read however much there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from common.dispatch.report.pace import Pace, estimate
from common.dispatch.report.queues import QueueStanding
from common.dispatch.report.status import status
from common.dispatch.report.status_data import QueueStatusData, StatusData, status_data
from common.documents import Create, Delete, Documents
from common.plans import Planner, Said
from common.runs import Depth, Queue, QueueLimits, Run, State, Worker, transitions
from common.runtime.discover import find_job
from common.runtime.submission import new_run
from common.services import Services
from tests.documents.test_indexes import is_served
from tests.jobs.extraction.ledger import Ledger
from tests.time import FakeTime

QUEUE = "maintenance-tasks"


BOTH = pytest.mark.parametrize("documents_url", ["sqlite", "firestore"], indirect=True)
"""For what is asked of the store; the others are about what is made of it."""


@pytest.fixture
def documents_url(request, tmp_path) -> str:
    if getattr(request, "param", "sqlite") == "firestore":
        return request.getfixturevalue("firestore_url")
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def ledger(open_store, time: FakeTime, tmp_path) -> Ledger:
    return Ledger(time.rule(open_store()), f"file://{tmp_path}/blobs")


@pytest.fixture
def work(ledger, time: FakeTime) -> Callable[..., Run]:
    """Performs a run that takes so many seconds."""

    def perform(seconds: float, *, fails: bool = False) -> Run:
        new = ledger.runs.submit(new_run(find_job("noop"), None, now=time.now()))
        run = ledger.runs.claim(new.id, Worker(name="w"))
        time.advance(seconds)
        now, token = time.now(), run.token or ""
        if not fails:
            return ledger.runs.apply(
                run, lambda run: transitions.succeed(run, token=token, now=now, result="null")
            )
        return ledger.runs.apply(run, lambda run: _failed(run, token, now))

    return perform


def _failed(run: Run, token: str, now):
    from common.runs import Failure

    error = Failure(type="Bad", message="bad", retryable=False)
    return transitions.fail(run, token=token, now=now, error=error, retry_in=None)


def of(services: Services, name: str = QUEUE) -> QueueStatusData:
    (found,) = status_data(status(services, name))["queues"]
    return found


def submit(ledger: Ledger, count: int, *, later: timedelta = timedelta(0)) -> None:
    now = ledger.documents.now()
    for number in range(count):
        due = now + later + timedelta(seconds=number) if later else None
        ledger.runs.submit(new_run(find_job("noop"), None, now=now, due=due))


@BOTH
def test_a_queue_tells_what_the_seed_told_and_how_it_goes(ledger, work, time):
    work(30)
    time.advance(timedelta(hours=2))
    for fails in (False, False, True):
        work(10, fails=fails)
    submit(ledger, 20)
    time.advance(60)
    submit(ledger, 4, later=timedelta(hours=3))
    ledger.queues.choose(QUEUE, {"max_concurrent": 5, "max_per_second": 2})
    found = of(ledger)
    assert {name: found[name] for name in ("state", "rate_limits", "approximate_task_count")} == {
        "state": "RUNNING",
        "rate_limits": {"max_dispatches_per_second": 2, "max_concurrent_dispatches": 5},
        "approximate_task_count": 24,
    }
    assert (found["ready"], found["later"], found["active"]) == (20, 4, 0)
    assert (found["finished_last_hour"], found["finished_last_day"]) == (3, 4)
    assert (found["failed_last_day"], found["mean_seconds"]) == (1, 10)
    assert found["oldest_ready_seconds"] == pytest.approx(60, abs=0.01)
    assert found["next_due"] == f"{time.now() + timedelta(hours=3):%FT%TZ}"
    assert found["estimated_seconds_to_empty"] == 40  # twenty of ten seconds, five at once


def test_an_hour_of_failures_only_leaves_what_the_day_tells(ledger, work, time):
    work(30)
    time.advance(timedelta(hours=2))
    work(1, fails=True)
    found = of(ledger)
    assert (found["finished_last_hour"], found["finished_last_day"]) == (1, 2)
    assert found["mean_seconds"] == 30


@BOTH
def test_runs_that_do_not_say_how_they_ended_are_left_out(ledger, work):
    """As an older release wrote them."""
    for id in (work(30).id, work(10).id):
        found = ledger.documents.get("runs", id)
        old = {name: value for name, value in found.data.items() if name != "done"}
        ledger.documents.commit([Delete("runs", id, found.version)])
        ledger.documents.commit([Create("runs", id, old)])
    assert (of(ledger)["finished_last_day"], of(ledger)["mean_seconds"]) == (0, None)
    assert [run.state for run in ledger.runs.list({})] == [State.SUCCEEDED] * 2
    work(2)
    assert (of(ledger)["finished_last_day"], of(ledger)["mean_seconds"]) == (1, 2)


def test_of_what_nothing_is_known_nothing_is_estimated(ledger):
    submit(ledger, 3)
    assert of(ledger)["estimated_seconds_to_empty"] is None
    assert of(ledger)["mean_seconds"] is None
    assert of(ledger, "io-tasks")["estimated_seconds_to_empty"] == 0


def test_a_queue_that_is_paused_says_so(ledger, work):
    work(1)
    submit(ledger, 1)
    ledger.queues.pause(QUEUE)
    assert (of(ledger)["state"], of(ledger)["estimated_seconds_to_empty"]) == ("PAUSED", None)


def test_all_of_it_tells_of_every_queue_the_dead_letters_and_the_days_that_go_on(ledger, work):
    work(1, fails=True)
    planner = Planner(ledger.documents, lambda: ledger.blobs)
    said = Said(
        job="video-generation",
        topics=[{"prompt": "a"}, {"prompt": "b"}],
        per_day=4,
        per_hour=1,
        start="12:00",
    )
    planner.plan("daily", said)
    planner.plan("daily", Said(), day=ledger.documents.now().date() + timedelta(days=1))
    found: StatusData = status_data(status(ledger))
    assert (found["queue_type"], found["state"], found["dead_letters"]) == ("local", "RUNNING", 1)
    assert found["failed_last_day"] == 1
    assert found["approximate_task_count"] == 8
    assert {queue["name"] for queue in found["queues"]} >= {QUEUE, "video-jobs-queue", "io-tasks"}
    (day,) = found["plans"]  # tomorrow's has not begun
    assert (day["plan"], day["runs"], day["done"], day["left"]) == ("daily", 4, 0, 4)


def test_it_reads_few_documents_by_indexes_however_much_there_was(ledger, work, monkeypatch):
    monkeypatch.setattr("common.dispatch.report.pace._READ", 5)
    for _ in range(15):
        work(1)
    submit(ledger, 15)
    asked, read = [], []
    query, count = Documents.query, Documents.count

    def queried(self, wanted):
        asked.append(wanted)
        found = query(self, wanted)
        read.extend(found if wanted.collection == "runs" else ())
        return found

    monkeypatch.setattr(Documents, "query", queried)
    monkeypatch.setattr(
        Documents, "count", lambda self, wanted: asked.append(wanted) or count(self, wanted)
    )
    status(ledger)
    assert [wanted for wanted in asked if not is_served(wanted)] == []
    assert len(read) <= 10


def standing(ready: int, active: int, **limits) -> QueueStanding:
    queue = Queue(name="q", limits=QueueLimits(**limits))
    return QueueStanding(queue=queue, depth=Depth(ready=ready, later=9, active=active), oldest=None)


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (standing(0, 0), 0),
        (standing(10, 0, max_concurrent=1), 600),
        (standing(10, 2, max_concurrent=2), 330),
        (standing(1, 0, max_concurrent=50), 60),
        (standing(0, 1, max_concurrent=50), 30),
        (standing(1_000, 0, max_concurrent=1_000, max_per_second=1), 1_000),
        (standing(10, 0, max_concurrent=None), 60),
    ],
)
def test_an_estimate_is_what_slots_and_the_rate_leave_room_for(found, seconds):
    left = estimate(found, Pace(hour=1, day=1, mean=timedelta(seconds=60)))
    assert left == timedelta(seconds=seconds)
