"""Days are planned once, with topics that go on from day to day, on each documents store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from common.documents import Documents
from common.errors import InvalidInput, Unavailable
from common.plans import AlreadyPlanned, NothingToCome, Plans, Said
from common.runs import Batches, Priority, Runs
from tests.plans.conftest import BOTH, DAY, NOON, prompts, said, steps, waiting

TOMORROW = DAY + timedelta(days=1)


def test_a_day_is_a_batch_of_pending_runs_a_quarter_of_an_hour_apart(planner, documents):
    done = planner.plan("daily", said(priority=Priority.HIGH, tenant="acme"), day=TOMORROW)
    runs = waiting(documents, done.day)
    assert (done.made, done.waiting, done.again, len(runs)) == (96, 96, False, 96)
    assert steps([run.due for run in runs]) == {timedelta(minutes=15)}
    assert (runs[0].due, done.due) == (NOON + timedelta(hours=12), runs[0].due)
    assert prompts(runs) == [f"topic {number}" for number in range(96)]
    assert {(run.tenant, run.priority, run.ready) for run in runs} == {
        ("acme", Priority.HIGH, False)
    }
    batch = Batches(Runs(documents)).get(done.day.batch)
    assert (batch.total, batch.sealed, batch.tenant) == (96, True, "acme")


def test_the_same_again_changes_nothing_and_says_so(planner, documents):
    first = planner.plan("daily", said(), day=TOMORROW)
    again = planner.plan("daily", said(), day=TOMORROW)
    nothing_said = planner.plan("daily", Said(), day=TOMORROW)
    assert (first.again, again.again, nothing_said.again) == (False, True, True)
    assert again.made == 0
    assert len(waiting(documents, first.day)) == 96
    assert Plans(documents).get("daily").next == 96


def test_a_day_that_is_planned_otherwise_is_left_and_explained(planner, documents):
    done = planner.plan("daily", said(), day=TOMORROW)
    with pytest.raises(AlreadyPlanned, match=r"96 a day, 4 an hour from 00:00 UTC\. Nothing"):
        planner.plan("daily", said(per_hour=6), day=TOMORROW)
    with pytest.raises(
        AlreadyPlanned, match=r"500 other topics.*plan change daily --day 2026-11-23"
    ):
        planner.plan("daily", said(3), day=TOMORROW)
    with pytest.raises(InvalidInput, match="is of video-generation, not noop"):
        planner.plan("daily", replace(said(), job="noop"), day=TOMORROW)
    assert len(waiting(documents, done.day)) == 96


def test_the_next_day_goes_on_with_the_topics_and_begins_again_behind_the_last(planner, documents):
    days = [planner.plan("daily", said(150), day=TOMORROW + timedelta(days=n)) for n in range(3)]
    runs = [prompts(waiting(documents, done.day)) for done in days]
    assert runs[0] == [f"topic {number}" for number in range(96)]
    assert runs[1] == [f"topic {number % 150}" for number in range(96, 192)]
    assert runs[2] == [f"topic {number % 150}" for number in range(192, 288)]


def test_topics_that_come_once_end_with_the_last_one(planner, documents):
    told: list[str] = []
    first = planner.plan("daily", said(150, once=True), day=TOMORROW)
    second = planner.plan("daily", Said(), day=TOMORROW + timedelta(days=1), tell=told.append)
    assert (first.made, second.made) == (96, 54)
    assert told == ["54 topics are left that have not had their turn."]
    with pytest.raises(NothingToCome, match="All 150 topics"):
        planner.plan("daily", Said(), day=TOMORROW + timedelta(days=2))
    more = planner.plan("daily", said(160), day=TOMORROW + timedelta(days=2))
    assert prompts(waiting(documents, more.day)) == [
        f"topic {number}" for number in range(150, 160)
    ]


def test_a_file_that_has_grown_goes_on_and_another_begins_at_its_first_line(planner, documents):
    planner.plan("daily", said(100), day=TOMORROW)
    grown = planner.plan("daily", said(120), day=TOMORROW + timedelta(days=1))
    other = planner.plan("daily", said(120, "other"), day=TOMORROW + timedelta(days=2))
    assert prompts(waiting(documents, grown.day))[:5] == [f"topic {n}" for n in range(96, 101)]
    assert prompts(waiting(documents, other.day))[0] == "other 0"


def test_of_a_day_that_has_begun_what_is_past_is_left_out_and_told(planner, documents):
    told: list[str] = []
    done = planner.plan("daily", said(10), tell=told.append)  # it is noon
    runs = waiting(documents, done.day)
    assert (len(runs), runs[0].due, runs[0].ready) == (48, NOON, True)
    assert told == [
        "48 of 96 times of 2026-11-22 are past, and left out.",
        "10 topics for 48 runs: each comes up to 5 times.",
    ]
    with pytest.raises(NothingToCome, match="Nothing of 2026-11-21 is to come"):
        planner.plan("daily", Said(), day=DAY - timedelta(days=1))


def test_what_does_not_fit_is_told_before_anything_is_written(planner, documents):
    told: list[tuple[str, object]] = []
    more = {"until": "12:00", "start": "08:00", "zone": "Europe/Berlin"}
    planner.plan(
        "daily",
        said(**more),
        day=TOMORROW,
        tell=lambda note: told.append((note, Plans(documents).find("daily"))),
    )
    (note, plan), *_ = told
    assert note.startswith("80 of 96 do not fit into 2026-11-23")
    assert plan is None


def test_a_plan_begins_now_unless_its_start_is_said_and_keeps_that(planner, documents, time):
    first = planner.plan("daily", said(start=None, zone="Europe/Berlin"))
    assert first.day.rhythm.start == "13:00"
    time.advance(timedelta(minutes=90))
    assert planner.plan("daily", said(start=None)).again
    assert planner.plan("daily", said(start=None), day=TOMORROW).due == NOON + timedelta(days=1)
    assert len(waiting(documents, first.day)) == 96


@pytest.mark.parametrize("name", ["", "A", "a b", "../x", "-", "a" * 41])
def test_a_name_that_cannot_be_is_refused(planner, name):
    with pytest.raises(InvalidInput, match="cannot name a plan"):
        planner.plan(name, said())


def test_a_plan_that_is_not_there_needs_topics(planner):
    with pytest.raises(InvalidInput, match="--topics FILE"):
        planner.plan("daily", Said(per_day=1))


@BOTH
def test_two_who_plan_a_day_at_once_plan_it_once(open_store, time, new_planner):
    planners = [new_planner(time.rule(open_store())) for _ in range(2)]
    barrier = Barrier(2)

    def plan(planner):
        barrier.wait()
        return planner.plan("daily", said(per_day=24), day=TOMORROW)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(plan, planners))
    assert sorted(each.again for each in done) == [False, True]
    store = time.rule(open_store())
    assert prompts(waiting(store, done[0].day)) == [f"topic {number}" for number in range(24)]
    assert Plans(store).get("daily").next == 24


@BOTH
def test_two_who_plan_two_days_at_once_give_them_other_topics(open_store, time, new_planner):
    planners = [new_planner(time.rule(open_store())) for _ in range(2)]
    planners[0].plan("daily", said(per_day=24, start="13:00"), day=DAY)
    barrier = Barrier(2)

    def plan(number):
        barrier.wait()
        return planners[number].plan("daily", Said(), day=TOMORROW + timedelta(days=number))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(plan, range(2)))
    store = time.rule(open_store())
    found = {prompt for each in done for prompt in prompts(waiting(store, each.day))}
    assert len(found) == 48


def test_a_thousand_runs_are_written_in_three_commits(planner, documents, monkeypatch):
    commits = counted(documents, monkeypatch)
    done = planner.plan("daily", said(1_000, per_day=1_000, per_hour=60), day=TOMORROW)
    assert (done.made, len(commits)) == (1_000, 3)
    assert prompts(waiting(documents, done.day)) == [f"topic {number}" for number in range(1_000)]
    assert Batches(Runs(documents)).get(done.day.batch).sealed


@BOTH
def test_what_was_interrupted_is_completed_by_who_asks_again(planner, documents, monkeypatch):
    monkeypatch.setattr("common.plans.parts.MAX_WRITES", 43)
    with monkeypatch.context() as patch:
        failing(documents, patch, after=1)
        with pytest.raises(Unavailable):
            planner.plan("daily", said(), day=TOMORROW)
    day = Plans(documents).current("daily", TOMORROW)
    assert (day.made, day.total) == (40, 96)
    assert not Batches(Runs(documents)).get(day.batch).sealed
    done = planner.plan("daily", said(), day=TOMORROW)
    assert (done.made, done.changed, done.cancelled) == (56, 0, 0)
    assert prompts(waiting(documents, day)) == [f"topic {number}" for number in range(96)]
    assert planner.plan("daily", said(), day=TOMORROW).again


@BOTH
def test_topics_that_keep_documents_in_step_do_so_from_the_first(planner, documents):
    given = [{"prompt": "a", "creation_id": "c1"}, {"prompt": "b", "creation_id": "c2"}]
    done = planner.plan("daily", replace(said(per_day=2), topics=given), day=TOMORROW)
    runs = waiting(documents, done.day)
    found = [documents.get("creations", id).data for id in ("c1", "c2")]
    assert [(each["status"], each["run"]) for each in found] == [
        ("pending", run.id) for run in runs
    ]
    planner.cancel("daily", day=TOMORROW)
    assert documents.get("creations", "c1").data["status"] == "failed"


def test_two_topics_for_one_document_are_refused(planner, documents):
    given = [{"prompt": "a", "creation_id": "c1"}]
    with pytest.raises(InvalidInput, match="creations/c1"):
        planner.plan("daily", replace(said(per_day=2), topics=given), day=TOMORROW)
    assert Plans(documents).find("daily") is None


def counted(documents: Documents, monkeypatch) -> list[int]:
    found: list[int] = []
    commit = documents._commit
    monkeypatch.setattr(
        documents, "_commit", lambda writes, token: found.append(1) or commit(writes, token)
    )
    return found


def failing(documents: Documents, patch, *, after: int) -> None:
    """Have all commits fail but the first ones."""
    commit, done = documents._commit, []

    def fail(writes, token):
        if len(done) >= after:
            raise Unavailable("It is away.")
        done.append(1)
        return commit(writes, token)

    patch.setattr(documents, "_commit", fail)
