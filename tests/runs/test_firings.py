"""Firing: each moment at most once, by whoever sees it come, and as the schedule says."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from common.documents import Delete, Query
from common.ids import derived_id
from common.runs import NotClaimable, Refused, Run, Runs, Schedule, State, Worker, transitions
from common.runs.firing import LATE, Verdict
from common.runs.firings import Firings, NotFired, Scheduled
from tests.faults import Faulty

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURLY = "0 * * * *"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def job(name="tidy", cron=HOURLY, **options) -> Scheduled:
    def make(moment: datetime, now: datetime) -> Run:
        id = derived_id("test", name, moment.isoformat())
        return Run(id=id, job=name, queue="q", params="{}", created=now, due=now, max_attempts=3)

    return Scheduled(job=name, schedule=Schedule(cron, **options), make=make)


def worker(number=1, **options) -> Worker:
    return Worker(name=f"x-{number}", **options)


class Ledger:
    """A ledger at noon."""

    def __init__(self, documents, time) -> None:
        self.time = time
        self.documents = Faulty(time.rule(documents), clock=time.clock)
        self.documents.patience = 5.0
        self.runs = Runs(self.documents)
        self.firings = Firings(self.runs)

    def tick(self, scheduled, **options):
        return self.firings.tick(scheduled, **options).verdict

    def begin(self, scheduled, number=1, **options) -> Run:
        return self.firings.begin(scheduled, worker(number, **options))

    def refusal(self, scheduled, number=2, **options) -> Verdict:
        with pytest.raises(NotFired) as refused:
            self.begin(scheduled, number, **options)
        return refused.value.fired.verdict

    def end(self, run: Run | None = None) -> None:
        run = run or self.runs.list()[0]
        if run.state is State.PENDING:
            run = self.runs.claim(run.id, worker())
        self.runs.apply(
            run,
            lambda it: transitions.succeed(it, token=run.token, now=self.time.now(), result="1"),
        )

    def standing(self, name="tidy"):
        return self.firings.get(name)

    @property
    def count(self) -> int:
        return self.documents.count(Query("runs"))


@pytest.fixture
def ledger(documents, time) -> Ledger:
    assert time.now() == NOON
    return Ledger(documents, time)


@pytest.fixture
def noted(ledger) -> Ledger:
    """One in which the hourly job is noted."""
    ledger.firings.note("tidy", Schedule(HOURLY))
    return ledger


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


# --- many at once, and in trouble


@pytest.mark.parametrize("started", [False, True])
def test_of_many_who_see_a_moment_come_one_fires(open_store, time, started):
    ledgers = [Ledger(open_store(), time) for _ in range(6)]
    ledgers[0].firings.note("tidy", Schedule(HOURLY))
    moments = 5 if "firestore" in ledgers[0].documents.url else 20
    for _ in range(moments):
        time.advance(HOUR)
        assert len(race(ledgers, started=started)) == 1
        ledgers[0].end()
    assert ledgers[0].count == moments
    assert ledgers[0].standing().counts == {"fire": moments}


def race(ledgers, *, started) -> list[Run]:
    """What those who win make, of all who try at once."""
    together, runs = threading.Barrier(len(ledgers)), []

    def run(number, ledger):
        together.wait(20)
        if not started:
            fired = ledger.firings.tick(job())
            runs.extend([fired.run] if fired.verdict is Verdict.FIRE else [])
            return
        try:
            runs.append(ledger.begin(job(), number))
        except NotFired:
            return

    threads = [threading.Thread(target=run, args=each) for each in enumerate(ledgers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return runs


@pytest.mark.parametrize("fault", ["unavailable", "aborted", "deadline", "lost"])
@pytest.mark.parametrize("at", range(4))
def test_a_start_in_trouble_makes_its_run_all_the_same(ledger, fault, at):
    ledger.documents.faults.extend([None] * at + [fault])
    run = ledger.begin(job())
    assert (ledger.runs.get(run.id).token, ledger.count) == (run.token, 1)
    assert ledger.standing().counts == {"fire": 1}


def test_whose_answer_was_lost_knows_its_own_run_when_others_have_written_since(ledger):
    """It was applied; before that is known somebody pauses the job, and the run beats its heart."""
    inner, store = Firings(Runs(ledger.documents.inner)), ledger.documents
    commit, lost = store._commit, []

    def commit_and_lose(writes, token):
        versions = commit(writes, token)
        if not lost:
            lost.append(versions)
            inner.pause("tidy")
            run = inner._runs.list()[0]
            renewed = {"now": ledger.time.now(), "lease": HOUR, "progress": None}
            inner._runs.apply(run, lambda it: transitions.renew(it, token=run.token, **renewed))
            store.faults.append("unavailable")
            return commit(writes, token)
        return versions

    store._commit = commit_and_lose
    run = ledger.begin(job())
    assert lost
    assert ledger.runs.get(run.id).token == run.token
    assert ledger.count == 1


def test_a_moment_whose_note_is_gone_has_its_run_still(ledger):
    ledger.end(ledger.begin(job()))
    note = ledger.documents.get("schedules", "tidy")
    ledger.documents.commit([Delete("schedules", "tidy", note.version)])
    assert ledger.refusal(job()) is Verdict.DOUBLED
    assert ledger.count == 1
    assert ledger.standing().decided == NOON
