"""Firing by the clock: each moment at most once, and as the schedule says."""

from __future__ import annotations

from datetime import timedelta

from common.documents import Delete
from common.runs import Schedule, State
from common.runs.firing import LATE, Verdict
from tests.runs.firing import HOUR, HOURLY, MINUTE, NOON, job

# --- by the clock


def test_a_moment_fires_when_it_has_come_and_once(noted):
    assert noted.tick(job()) is Verdict.NOT_YET
    noted.time.advance(HOUR)
    fired = noted.firings.tick(job())
    assert (fired.verdict, fired.moment) == (Verdict.FIRE, NOON + HOUR)
    assert noted.runs.get(fired.run.id).state is State.PENDING
    assert noted.tick(job()) is Verdict.NOT_YET
    assert noted.count == 1


def test_what_fired_is_noted_with_its_run(noted):
    noted.time.advance(HOUR)
    fired = noted.firings.tick(job())
    standing = noted.standing()
    assert (standing.last, standing.run) == (NOON + HOUR, fired.run.id)
    assert standing.counts == {"fire": 1}
    assert str(fired) == "tidy fires for 2026-11-22 13:00 UTC."


def test_what_came_before_a_job_was_noted_is_not_made_up(ledger):
    ledger.firings.note("tidy", Schedule(HOURLY))
    assert ledger.tick(job(missed="once")) is Verdict.NOT_YET


def test_of_what_is_not_noted_nothing_fires_by_the_clock(ledger):
    assert ledger.tick(job()) is Verdict.NOT_YET
    assert ledger.count == 0


def test_another_expression_begins_anew(noted):
    """Between the last firing and now the new one has moments, which nobody missed."""
    noted.time.advance(HOUR)
    noted.tick(job())
    noted.end()
    noted.time.advance(20 * MINUTE)
    other = job(cron="*/5 * * * *", missed="once")
    assert noted.firings.note("tidy", other.schedule)
    assert noted.tick(other) is Verdict.NOT_YET
    noted.time.advance(40 * MINUTE)
    assert noted.tick(job()) is Verdict.NOT_YET  # by code that is not up to date
    assert noted.tick(other) is Verdict.FIRE


def test_to_note_the_same_again_changes_nothing(noted):
    before = noted.standing()
    noted.time.advance(HOUR)
    assert not noted.firings.note("tidy", Schedule(HOURLY))
    assert noted.standing() == before


def test_a_job_that_is_forgotten_and_noted_again_begins_anew(noted):
    noted.firings.forget(["tidy"])
    noted.time.advance(HOUR)
    assert noted.tick(job(missed="once")) is Verdict.NOT_YET
    noted.firings.note("tidy", Schedule(HOURLY))
    assert noted.tick(job(missed="once")) is Verdict.NOT_YET
    noted.time.advance(HOUR)
    assert noted.tick(job()) is Verdict.FIRE


# --- what was missed


def test_a_missed_moment_is_left_out_and_counted(noted):
    noted.time.advance(HOUR + LATE + MINUTE)
    assert noted.tick(job()) is Verdict.MISSED
    assert noted.tick(job()) is Verdict.NOT_YET
    assert (noted.count, noted.standing().counts) == (0, {"missed": 1})
    noted.time.advance(HOUR)
    assert noted.tick(job()) is Verdict.MISSED
    noted.time.advance(HOUR - LATE - MINUTE)
    assert noted.tick(job()) is Verdict.FIRE


def test_of_many_missed_moments_the_latest_is_run_once(noted):
    noted.time.advance(timedelta(days=3, minutes=20))
    fired = noted.firings.tick(job(missed="once"))
    assert (fired.verdict, fired.moment) == (Verdict.FIRE, NOON + timedelta(days=3))
    noted.end(fired.run)
    assert noted.tick(job(missed="once")) is Verdict.NOT_YET
    assert noted.count == 1


def test_a_moment_that_may_yet_come_by_itself_is_left_to_do_so(noted):
    """A sweep makes up what is missed, and waits for a container that is on its way."""
    once = job(missed="once")
    noted.time.advance(HOUR + LATE - MINUTE)
    assert noted.tick(once, after=LATE) is Verdict.NOT_YET
    noted.time.advance(2 * MINUTE)
    assert noted.tick(once, after=LATE) is Verdict.FIRE


# --- overlap


def test_while_the_last_run_goes_on_a_moment_is_skipped_and_counted(noted):
    noted.time.advance(HOUR)
    noted.tick(job())
    noted.time.advance(HOUR)
    fired = noted.firings.tick(job())
    assert fired.verdict is Verdict.OVERLAP
    assert noted.tick(job()) is Verdict.NOT_YET
    noted.end()
    noted.time.advance(HOUR)
    assert noted.tick(job()) is Verdict.FIRE
    assert noted.standing().counts == {"fire": 2, "overlap": 1}
    assert f"run {fired.run.id} of the last firing goes on" in str(fired)


def test_it_overlaps_where_that_is_declared(noted):
    noted.time.advance(HOUR)
    assert noted.tick(job(overlap=True)) is Verdict.FIRE
    noted.time.advance(HOUR)
    assert noted.tick(job(overlap=True)) is Verdict.FIRE
    assert noted.count == 2


def test_a_run_that_was_removed_is_in_nobodys_way(noted):
    noted.time.advance(HOUR)
    fired = noted.firings.tick(job())
    document = noted.documents.get("runs", fired.run.id)
    noted.documents.commit([Delete("runs", document.id, document.version)])
    noted.time.advance(HOUR)
    assert noted.tick(job()) is Verdict.FIRE


# --- paused


def test_what_is_paused_does_not_fire_and_what_it_missed_is_not_made_up(noted):
    noted.firings.pause("tidy")
    noted.time.advance(HOUR)
    assert noted.tick(job(missed="once")) is Verdict.NOT_YET
    noted.firings.pause("tidy", paused=False)
    assert noted.tick(job(missed="once")) is Verdict.NOT_YET
    noted.time.advance(HOUR)
    assert noted.tick(job(missed="once")) is Verdict.FIRE


def test_a_start_of_what_is_paused_leaves_without_a_run(noted):
    noted.firings.pause("tidy")
    noted.time.advance(HOUR)
    assert noted.refusal(job()) is Verdict.PAUSED
    assert noted.count == 0
