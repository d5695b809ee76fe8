"""Firing by the start of a task: of Cloud Scheduler, or because somebody says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.runs import NotClaimable, Refused, Schedule, State
from common.runs.firing import LATE, Verdict
from tests.runs.firing import HOUR, HOURLY, MINUTE, NOON, job, worker

# --- by Cloud Scheduler's starts


def test_a_start_fires_for_the_moment_that_has_come(ledger):
    ledger.time.advance(3.5)
    run = ledger.begin(job())
    assert (run.state, run.attempts[0].worker) == (State.RUNNING, worker())
    assert ledger.runs.get(run.id) == run
    assert ledger.standing().last == NOON


@pytest.mark.parametrize("seconds", [0, 1, 59, 600, 899])
def test_a_doubled_start_leaves_without_a_run(ledger, seconds):
    run = ledger.begin(job())
    ledger.end(run)
    ledger.time.advance(seconds)
    assert ledger.refusal(job()) is Verdict.DOUBLED
    assert ledger.count == 1


def test_a_start_while_the_last_run_goes_on_leaves_without_a_run(ledger):
    ledger.begin(job())
    ledger.time.advance(HOUR)
    assert ledger.refusal(job()) is Verdict.OVERLAP
    assert ledger.standing().counts == {"fire": 1, "overlap": 1}


def test_a_start_that_comes_late_is_still_that_of_its_moment(ledger):
    ledger.time.advance(59 * MINUTE)
    ledger.begin(job())
    assert ledger.standing().last == NOON


def test_a_job_noted_between_moment_and_start_does_not_lose_it(ledger):
    ledger.time.advance(1)
    ledger.firings.note("tidy", Schedule(HOURLY))
    ledger.time.advance(2)
    ledger.begin(job())
    assert ledger.standing().last == NOON


def test_a_start_long_after_all_is_decided_was_told_to_cloud_scheduler(ledger):
    ledger.end(ledger.begin(job()))
    ledger.time.advance(HOUR / 2)
    ledger.end(ledger.begin(job(), 2))
    assert ledger.refusal(job(), 3) is Verdict.DOUBLED
    assert ledger.standing().counts == {"fire": 1, "asked": 1}


def test_the_same_task_tried_again_goes_on_with_its_run(ledger):
    run = ledger.begin(job())
    ledger.time.advance(2 * HOUR)
    again = ledger.begin(job(), task_attempt=1)
    assert again.id == run.id
    assert [attempt.outcome for attempt in again.attempts] == ["lost", None]
    assert ledger.count == 1


def test_a_task_tried_again_whose_run_has_ended_leaves_without_one(ledger):
    ledger.end(ledger.begin(job()))
    with pytest.raises(NotClaimable):
        ledger.begin(job(), task_attempt=1)


# --- because somebody says so


def test_it_fires_when_told_to_whatever_the_time(ledger):
    run = ledger.firings.fire(job())
    assert run.state is State.PENDING
    assert ledger.standing().run == run.id


def test_it_does_not_overlap_when_told_to_either(ledger):
    run = ledger.firings.fire(job())
    with pytest.raises(Refused, match=f"Run {run.id} of the last firing of tidy has not ended"):
        ledger.firings.fire(job())
    with pytest.raises(Refused, match=run.id):
        ledger.firings.ask(job())
    ledger.firings.ask(job(overlap=True))
    assert ledger.count == 1


def test_a_start_that_was_asked_for_fires_though_the_moment_has(ledger):
    ledger.end(ledger.begin(job()))
    ledger.time.advance(MINUTE)
    ledger.firings.ask(job())
    ledger.time.advance(5)
    ledger.end(ledger.begin(job(), 2))
    assert ledger.refusal(job(), 3) is Verdict.DOUBLED
    assert ledger.count == 2


def test_a_start_that_was_asked_for_fires_though_it_is_paused(ledger):
    ledger.firings.pause("tidy")
    ledger.firings.ask(job())
    ledger.end(ledger.begin(job()))
    assert ledger.refusal(job()) is Verdict.PAUSED


def test_a_moment_that_fired_before_what_was_asked_for_came_does_not_fire_again(noted):
    noted.time.advance(HOUR - timedelta(seconds=2))
    noted.firings.ask(job())
    noted.time.advance(2)
    noted.end(noted.firings.tick(job()).run)
    noted.end(noted.begin(job()))
    assert noted.tick(job()) is Verdict.NOT_YET
    assert noted.standing().decided == NOON + HOUR


def test_where_what_was_asked_for_never_comes_the_next_moment_fires_once(ledger):
    """Cloud Scheduler did not answer who asked, and starts the job at its time."""
    ledger.time.advance(HOUR - MINUTE)
    ledger.firings.ask(job(missed="once"))
    ledger.time.advance(2 * MINUTE)
    ledger.end(ledger.begin(job(missed="once")))
    ledger.time.advance(LATE + MINUTE)
    assert ledger.tick(job(missed="once"), after=LATE) is Verdict.NOT_YET
    assert (ledger.count, ledger.standing().last) == (1, NOON + HOUR)


def test_what_was_asked_for_and_the_moment_that_came_since_both_fire(ledger):
    ledger.time.advance(HOUR - MINUTE)
    ledger.firings.ask(job())
    ledger.time.advance(2 * MINUTE)
    ledger.end(ledger.begin(job()))
    ledger.end(ledger.begin(job(), 2))
    assert ledger.refusal(job(), 3) is Verdict.DOUBLED
    assert ledger.standing().counts == {"fire": 1, "asked": 1}


def test_what_was_asked_for_long_ago_is_forgotten(ledger):
    ledger.end(ledger.begin(job()))
    ledger.firings.ask(job())
    ledger.time.advance(HOUR)
    ledger.end(ledger.begin(job(), 2))
    assert ledger.standing().last == NOON + HOUR
