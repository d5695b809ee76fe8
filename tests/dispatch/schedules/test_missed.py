"""What a sweep makes up for where Cloud Scheduler fires."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch import Dispatcher
from common.dispatch.opening import open_dispatcher
from common.dispatch.schedules import declared
from common.dispatch.schedules.missed import make_up
from common.runs import Schedule, State
from common.runs.firings import Firings
from common.runtime.discover import find_job
from common.services import Services
from tests.dispatch.schedules.backends import cloud_settings, scheduled
from tests.dispatch.stub import Stub

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ONCE = Schedule("0 * * * *", missed="once")


@pytest.fixture
def swept(scheduler_api):
    """A dispatcher's sweep, once the schedule is applied and Cloud Scheduler has gone to sleep."""
    backend = scheduler_api
    backend.apply(tidy=ONCE)
    backend.stub = Stub()
    jobs = [scheduled("tidy", ONCE)]
    dispatcher = Dispatcher(
        backend.runs, backend.stub, missed=lambda: make_up(backend.schedules, jobs)
    )

    def sweep():
        swept = dispatcher.sweep()
        assert swept.troubles == []
        return [launch.job for launch in backend.stub.launches]

    backend.sweep = sweep
    return backend


def test_what_cloud_scheduler_missed_is_run_once(swept):
    swept.time.advance(3 * HOUR + 20 * MINUTE)
    assert swept.sweep() == ["tidy"]
    assert swept.sweep() == ["tidy"]
    (run,) = swept.runs.list()
    assert run.state is State.STARTING
    assert swept.firings.get("tidy").last == swept.time.start + 3 * HOUR


def test_a_start_that_may_yet_come_is_waited_for(swept):
    swept.time.advance(HOUR + 14 * MINUTE)
    assert swept.sweep() == []
    swept.time.advance(2 * MINUTE)
    assert swept.sweep() == ["tidy"]


def test_a_start_that_comes_after_all_leaves_without_a_run(swept):
    swept.time.advance(HOUR + 16 * MINUTE)
    swept.sweep()
    swept.schedules._client.run_job(name=swept.schedules._name("tidy"))
    swept.platform.turn()
    assert len(swept.refused) == 1
    assert len(swept.runs.list()) == 1


def test_what_fired_is_not_made_up_for(swept):
    swept.advance(2 * HOUR)
    assert swept.sweep() == []
    assert len(swept.fired) == 2


def test_what_is_paused_by_us_or_at_cloud_scheduler_is_not_made_up_for(swept):
    swept.schedules._client.pause_job(name=swept.schedules._name("tidy"))  # as gcloud does
    swept.time.advance(HOUR + 20 * MINUTE)
    assert swept.sweep() == []
    swept.schedules.pause("tidy")
    swept.time.advance(HOUR)
    assert swept.sweep() == []


def test_what_is_deployed_no_more_is_not_made_up_for(swept):
    swept.schedules._delete("tidy")
    swept.time.advance(HOUR + 20 * MINUTE)
    assert swept.sweep() == []


def test_what_was_not_deployed_meanwhile_has_missed_nothing(swept):
    swept.apply()
    swept.time.advance(HOUR + 20 * MINUTE)
    swept.apply(tidy=ONCE)
    assert swept.sweep() == []


def test_of_what_was_deployed_elsewhere_a_first_sweep_takes_note(swept):
    swept.firings.forget(["tidy"])
    swept.time.advance(HOUR + 20 * MINUTE)
    assert swept.sweep() == []
    swept.time.advance(HOUR)
    assert swept.sweep() == ["tidy"]


def test_where_nothing_was_missed_cloud_scheduler_is_not_asked(swept):
    swept.faults.requests.clear()
    swept.sweep()
    assert swept.faults.requests == []


def test_where_cloud_scheduler_does_not_answer_the_rest_is_swept_all_the_same(swept):
    swept.time.advance(HOUR + 20 * MINUTE)
    swept.go_away()
    jobs = [scheduled("tidy", ONCE)]
    dispatcher = Dispatcher(swept.runs, swept.stub, missed=lambda: make_up(swept.schedules, jobs))
    (trouble,) = dispatcher.sweep().troubles
    assert "Cloud Scheduler (projects/test/locations/us-central1) did not answer" in trouble


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Opens the dispatcher of a process that has these settings, in which nothing is kept."""
    declared.cache_clear()
    stub, every = Stub(), []

    def open_one(platform, **environ):
        monkeypatch.setenv("RUNJOBS_SCHEDULER_ENDPOINT", platform.url)
        services = Services(cloud_settings(RUNJOBS_HOME=str(tmp_path / "other"), **environ))
        every.append(services)
        firings = Firings(services.runs)
        firings.note("tidy", find_job("tidy").schedule)
        firings._write("tidy", {"since": services.documents.now() - timedelta(days=3)})
        return open_dispatcher(services, stub), stub

    yield open_one
    for services in every:
        services.close()
    declared.cache_clear()


def test_the_dispatchers_sweep_makes_up_for_what_is_declared_here(scheduler_api, opened):
    scheduler_api.apply(tidy=find_job("tidy").schedule)
    dispatcher, stub = opened(scheduler_api.platform, RUNJOBS_WAKEUPS="local")
    assert dispatcher.sweep().troubles == []
    assert [launch.job for launch in stub.launches] == ["tidy"]


def test_where_serve_fires_a_sweep_leaves_it_to_that(scheduler_api, opened):
    dispatcher, stub = opened(scheduler_api.platform, RUNJOBS_SCHEDULES="local")
    scheduler_api.faults.requests.clear()
    assert dispatcher.sweep().troubles == []
    assert (stub.launches, scheduler_api.faults.requests) == ([], [])
