"""When a job fires: each transition, by the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.localcloud.answers import Answer
from common.localcloud.scheduler import firing
from common.localcloud.scheduler.fields import job_fields
from common.localcloud.store import Resource

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD, BAD = Answer(status=200), Answer(status=500)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def made(*, at: datetime = NOON, **fields) -> Resource:
    said = {"httpTarget": {"uri": "http://x/"}, "schedule": "*/10 * * * *", **fields}
    data = {"name": "j", **job_fields(said), "state": "ENABLED"}
    return firing.planned(Resource(name="scheduler/j", data=data, created=at), data, at)


def test_it_fires_next_by_its_schedule_in_its_zone():
    assert made().due == later(10)
    berlin = made(schedule="30 14 * * *", timeZone="Europe/Berlin")
    assert berlin.due == NOON.replace(hour=13, minute=30)
    assert berlin.data["scheduleTime"] == "2026-11-22T13:30:00Z"


def test_a_firing_says_for_which_time_it_is():
    job = firing.begun(made(), later(10.2))
    assert firing.headers(job)["X-CloudScheduler-ScheduleTime"] == "2026-11-22T12:10:00Z"
    assert job.data["lastAttemptTime"] == "2026-11-22T12:10:12Z"
    assert job.data["scheduleTime"] == "2026-11-22T12:20:00Z"
    ended = firing.ended(job, GOOD, later(10.3))
    assert (ended.due, ended.data["status"]) == (later(20), {})


def test_without_retries_a_failure_waits_for_the_next_time():
    job = firing.ended(firing.begun(made(), later(10)), BAD, later(10.1))
    assert job.due == later(20)
    assert job.data["status"]["code"] == 13


def test_retries_wait_exactly_and_are_for_the_same_time():
    retry = {"retryCount": 2, "minBackoffDuration": "60s"}
    job, now = made(retryConfig=retry), later(10)
    for wait, count in ((1, 1), (2, 2)):
        job = firing.begun(job, now)
        assert firing.tries(job) == count
        assert firing.headers(job)["X-CloudScheduler-ScheduleTime"] == "2026-11-22T12:10:00Z"
        job = firing.ended(job, BAD, now)
        assert job.due == now + timedelta(minutes=wait)
        now = job.due
    job = firing.ended(firing.begun(job, now), BAD, now)
    assert job.due == later(20)


def test_a_retry_that_would_come_after_the_next_time_is_left_out():
    retry = {"retryCount": 5, "minBackoffDuration": "540s"}
    job = firing.ended(firing.begun(made(retryConfig=retry), later(10)), BAD, later(11))
    assert job.due == later(20)
    assert firing.tries(job) == 0


@pytest.mark.parametrize("count", [{}, {"retryCount": 1}])
def test_the_retry_duration_has_to_pass_as_well(count):
    retry = {**count, "maxRetryDuration": "200s", "minBackoffDuration": "60s"}
    job, now, times = made(retryConfig=retry), later(10), []
    while now < later(20):
        times.append((now - later(10)).total_seconds())
        job = firing.ended(firing.begun(job, now), BAD, now)
        now = job.due
    assert times == [0, 60, 180, 420]


def test_what_came_due_while_it_fired_fires_afterwards_once():
    job = firing.ended(firing.begun(made(), later(10)), GOOD, later(45))
    assert job.due == later(40)
    assert not firing.late(replace(job, due=later(44.5)), later(45))
    again = firing.begun(job, later(45))
    assert firing.headers(again)["X-CloudScheduler-ScheduleTime"] == "2026-11-22T12:40:00Z"
    assert firing.ended(again, GOOD, later(46)).due == later(50)


def test_a_minute_late_is_missed_and_left_out():
    job = made()
    assert not firing.late(job, later(11))
    assert firing.late(job, later(11.1))
    assert firing.skipped(job, later(35)).due == later(40)


def test_what_is_forced_fires_at_once_and_changes_nothing_of_the_schedule():
    job = firing.forced(made(), later(3))
    assert (job.due, firing.late(job, later(30))) == (later(3), False)
    begun = firing.begun(job, later(3))
    assert firing.headers(begun)["X-CloudScheduler-ScheduleTime"] == "2026-11-22T12:03:00Z"
    assert firing.ended(begun, GOOD, later(3.1)).due == later(10)


def test_what_is_forced_while_it_fires_fires_afterwards():
    job = firing.forced(firing.begun(made(), later(10)), later(11))
    assert job.due == later(10) + timedelta(seconds=30)
    assert firing.ended(job, GOOD, later(12)).due == later(11)


def test_paused_it_fires_only_when_forced():
    job = firing.paused(made())
    assert (job.due, job.data["state"]) == (None, "PAUSED")
    forced = firing.forced(job, later(3))
    assert forced.due == later(3)
    assert firing.ended(firing.begun(forced, later(3)), GOOD, later(4)).due is None
    resumed = firing.enabled(job, later(25))
    assert (resumed.due, resumed.data["state"]) == (later(30), "ENABLED")


def test_paused_while_it_fires_the_firing_ends_and_no_other_comes():
    retry = {"retryCount": 3}
    job = firing.paused(firing.begun(made(retryConfig=retry), later(10)))
    assert job.due == later(10) + timedelta(seconds=30)
    assert firing.ended(job, GOOD, later(11)).due is None


def test_what_is_forced_of_a_paused_job_is_tried_again_for_as_long_as_it_takes():
    job = firing.paused(made(retryConfig={"retryCount": 3, "minBackoffDuration": "60s"}))
    job = firing.begun(firing.forced(job, later(30)), later(30))
    assert firing.ended(job, BAD, later(31)).due == later(32)


def test_a_claim_is_renewed_only_for_the_try_that_holds_it():
    job = firing.begun(made(), later(10))
    assert firing.renewed(job, 1, later(11)).due == later(11.5)
    assert firing.renewed(job, 2, later(11)) is None
    assert firing.renewed(firing.ended(job, GOOD, later(11)), 1, later(11)) is None


@pytest.mark.parametrize(
    ("begin", "utc"),
    [
        (datetime(2027, 3, 27, 12, tzinfo=UTC), ["01:00", "00:30", "00:30"]),  # there is no 2:30
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["00:30", "01:30", "01:30"]),  # there are two
    ],
)
def test_where_clocks_change_a_time_of_day_comes_once(begin, utc):
    job = made(at=begin, schedule="30 2 * * *", timeZone="Europe/Berlin")
    times = []
    for _ in utc:
        times.append(job.due)
        job = firing.ended(firing.begun(job, job.due), GOOD, job.due)
    assert [f"{time:%H:%M}" for time in times] == utc
    assert [(time.date() - begin.date()).days for time in times] == [1, 2, 3]
