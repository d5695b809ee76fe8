"""What holds of schedules, whoever fires them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.dispatch.schedules import Applied, NoSuchSchedule
from common.errors import InvalidInput, Unavailable
from common.runs import Refused, Schedule, State
from tests.dispatch.schedules.backends import HOURLY

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAILY = Schedule("30 14 * * *", zone="Europe/Berlin")
NIGHTLY = Schedule("0 3 * * *")


# --- applying


def test_at_the_beginning_there_is_none(backend):
    assert backend.schedules.list() == []
    backend.schedules.check()


def test_what_is_applied_is_listed_by_name_and_fires_at_its_times(backend):
    applied = backend.apply(tidy=HOURLY, report=DAILY)
    assert (set(applied.created), applied.updated, applied.removed) == ({"tidy", "report"}, (), ())
    report, tidy = backend.schedules.list()
    assert (report.job, report.place.cron, report.place.zone) == (
        "report",
        "30 14 * * *",
        "Europe/Berlin",
    )
    assert (tidy.state, report.state) == ("active", "active")
    assert tidy.next == backend.time.now() + HOUR
    assert report.next == backend.time.now() + 1.5 * HOUR
    backend.advance(2 * HOUR)
    assert backend.fired == [("tidy", "13:00"), ("report", "13:30"), ("tidy", "14:00")]


def test_to_apply_the_same_again_changes_nothing(backend):
    backend.apply(tidy=HOURLY, report=DAILY)
    before = backend.entries
    assert backend.apply(tidy=HOURLY, report=DAILY) == Applied()
    assert backend.entries == before


def test_another_expression_fires_at_its_own_times_and_makes_up_for_none(backend):
    backend.apply(tidy=HOURLY)
    backend.advance(1.5 * HOUR)
    changed = Schedule("20,50 * * * *", missed="once")
    assert backend.apply(tidy=changed) == Applied(updated=("tidy",))
    backend.advance(HOUR)
    assert backend.fired == [("tidy", "13:00"), ("tidy", "13:50"), ("tidy", "14:20")]


def test_another_zone_is_another_time(backend):
    backend.apply(report=Schedule("30 14 * * *"))
    backend.apply(report=DAILY)
    assert backend.entries["report"].next == backend.time.now() + 1.5 * HOUR


def test_what_is_no_longer_declared_is_removed_and_fires_no_more(backend):
    backend.apply(tidy=HOURLY, report=DAILY)
    assert backend.apply(report=DAILY) == Applied(removed=("tidy",))
    assert [*backend.entries] == ["report"]
    backend.advance(HOUR)
    assert backend.fired == []


def test_what_comes_again_after_it_was_removed_begins_anew(backend):
    backend.apply(tidy=Schedule("0 * * * *", missed="once"))
    backend.apply()
    backend.advance(3 * HOUR + MINUTE)
    assert backend.apply(tidy=Schedule("0 * * * *", missed="once")) == Applied(created=("tidy",))
    backend.advance(HOUR)
    assert backend.fired == [("tidy", "16:00")]


# --- standing


def test_what_fired_is_told_with_its_time_and_run(backend):
    backend.apply(tidy=HOURLY)
    backend.advance(HOUR)
    (entry,) = backend.schedules.list()
    (run,) = backend.runs.list()
    assert (entry.standing.last, entry.standing.run) == (backend.time.now(), run.id)
    assert entry.next == backend.time.now() + HOUR


def test_while_its_last_run_goes_on_it_does_not_fire_and_that_is_counted(backend):
    backend.stay = True
    backend.apply(tidy=HOURLY)
    backend.advance(3 * HOUR)
    assert backend.fired == [("tidy", "13:00")]
    assert backend.entries["tidy"].standing.counts == {"fire": 1, "overlap": 2}


# --- pausing


def test_what_is_paused_does_not_fire_until_it_is_resumed(backend):
    backend.apply(tidy=HOURLY, report=DAILY)
    backend.schedules.pause("tidy")
    assert (backend.entries["tidy"].state, backend.entries["tidy"].next) == ("paused", None)
    assert backend.entries["report"].state == "active"
    backend.advance(1.75 * HOUR)
    assert backend.fired == [("report", "13:30")]
    backend.another().resume("tidy")
    assert backend.entries["tidy"].state == "active"
    assert backend.entries["tidy"].next == backend.time.now() + 0.25 * HOUR
    backend.advance(HOUR)
    assert backend.fired == [("report", "13:30"), ("tidy", "14:00")]


def test_what_was_missed_while_it_was_paused_is_not_made_up(backend):
    backend.apply(tidy=Schedule("0 * * * *", missed="once"))
    backend.schedules.pause("tidy")
    backend.advance(2 * HOUR + MINUTE)
    backend.schedules.resume("tidy")
    backend.advance(10 * MINUTE)
    assert backend.fired == []


def test_pausing_and_resuming_again_changes_nothing(backend):
    backend.apply(tidy=HOURLY)
    for _ in range(2):
        backend.schedules.pause("tidy")
    assert backend.entries["tidy"].state == "paused"
    for _ in range(2):
        backend.schedules.resume("tidy")
    assert backend.entries["tidy"].state == "active"


def test_what_is_paused_stays_so_when_it_is_applied_again(backend):
    backend.apply(tidy=HOURLY)
    backend.schedules.pause("tidy")
    backend.apply(tidy=Schedule("*/5 * * * *"))
    assert backend.entries["tidy"].state == "paused"
    backend.advance(HOUR)
    assert backend.fired == []


def test_all_are_paused_and_resumed(backend):
    """Also what is declared and not applied yet, and what is applied and not declared any more."""
    backend.apply(tidy=HOURLY, report=HOURLY)
    jobs = ["tidy", "new"]
    backend.schedules.pause_all(jobs)
    assert {job: entry.state for job, entry in backend.entries.items()} == {
        "tidy": "paused",
        "report": "paused",
    }
    assert backend.firings.get("new").paused
    backend.advance(HOUR)
    assert backend.fired == []
    backend.schedules.resume_all(jobs)
    backend.advance(HOUR)
    assert {job for job, _ in backend.fired} == {"tidy", "report"}
    assert not backend.firings.get("new").paused


# --- running now


def test_it_runs_when_told_to_and_at_its_times_as_well(backend):
    backend.apply(tidy=HOURLY)
    backend.advance(20 * MINUTE)
    backend.schedules.run_now("tidy")
    backend.advance(HOUR)
    assert backend.fired == [("tidy", "12:20"), ("tidy", "13:00")]


def test_it_runs_when_told_to_just_after_it_fired(backend):
    backend.apply(tidy=HOURLY)
    backend.advance(HOUR + MINUTE)
    backend.schedules.run_now("tidy")
    backend.advance(MINUTE)
    assert backend.fired == [("tidy", "13:00"), ("tidy", "13:01")]


def test_it_runs_when_told_to_also_if_it_is_paused(backend):
    backend.apply(tidy=HOURLY)
    backend.schedules.pause("tidy")
    backend.schedules.run_now("tidy")
    backend.advance(HOUR)
    assert backend.fired == [("tidy", "12:00")]
    assert backend.entries["tidy"].state == "paused"


def test_it_does_not_run_while_its_last_run_goes_on(backend):
    backend.stay = True
    backend.apply(tidy=HOURLY)
    backend.advance(HOUR)
    (run,) = backend.runs.list()
    assert run.state is not State.SUCCEEDED
    with pytest.raises(Refused, match=f"Run {run.id} of the last firing of tidy has not ended"):
        backend.schedules.run_now("tidy")
    backend.advance(MINUTE)
    assert len(backend.fired) == 1


# --- what is not there, and trouble


@pytest.mark.parametrize("ask", ["pause", "resume", "run_now"])
def test_what_is_not_there_is_named(backend, ask):
    backend.apply(report=DAILY)
    with pytest.raises(NoSuchSchedule, match="There is no schedule of tidy") as refused:
        getattr(backend.schedules, ask)("tidy")
    assert isinstance(refused.value, InvalidInput)
    assert [*backend.entries] == ["report"]


@pytest.mark.parametrize("after", range(5))
def test_applying_is_done_once_though_an_answer_was_lost(backend, after):
    backend.apply(tidy=HOURLY, gone=DAILY)
    backend.lose_an_answer(after)
    backend.apply(tidy=NIGHTLY, report=DAILY)
    assert {job: entry.place.cron for job, entry in backend.entries.items()} == {
        "tidy": NIGHTLY.cron,
        "report": DAILY.cron,
    }


@pytest.mark.parametrize("ask", ["pause", "resume", "run_now"])
@pytest.mark.parametrize("after", range(2))
def test_what_is_asked_is_done_though_an_answer_was_lost(backend, ask, after):
    backend.apply(tidy=HOURLY)
    if ask == "resume":
        backend.schedules.pause("tidy")
    backend.lose_an_answer(after)
    getattr(backend.schedules, ask)("tidy")
    backend.advance(HOUR)
    expected = {"pause": [], "resume": ["13:00"], "run_now": ["12:00", "13:00"]}
    assert [time for _, time in backend.fired] == expected[ask]


@pytest.mark.parametrize("ask", ["list", "check"])
def test_where_nothing_answers_that_is_said(backend, ask):
    backend.apply(tidy=HOURLY)
    backend.go_away()
    with pytest.raises(Unavailable):
        getattr(backend.schedules, ask)()
