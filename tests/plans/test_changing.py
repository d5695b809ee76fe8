"""What has not started of a day is spread anew, exchanged or cancelled; none is lost or doubled."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from common.errors import InvalidInput, Unavailable
from common.plans import DoesNotFit, NoSuchDay, NoSuchPlan, Plans, Said
from common.runs import Batches, NotClaimable, Runs, State
from tests.plans.conftest import (
    BOTH,
    DAY,
    JOB,
    NOON,
    WORKER,
    begin,
    prompts,
    said,
    steps,
    topics,
    waiting,
)
from tests.plans.test_planning import counted, failing

TOMORROW = DAY + timedelta(days=1)
MIDNIGHT = NOON + timedelta(hours=12)


@pytest.fixture
def day(planner):
    return planner.plan("daily", said(), day=TOMORROW).day


@BOTH
def test_what_has_not_started_is_spread_anew_in_one_commit(
    planner, documents, day, time, monkeypatch
):
    time.advance(timedelta(hours=14))  # it is two o'clock of that day
    begin(documents, waiting(documents, day)[:8])
    commits = counted(documents, monkeypatch)
    done = planner.change("daily", Said(per_hour=6))
    runs = waiting(documents, day)
    # The first one was due at two already.
    assert (done.changed, done.made, done.cancelled, len(commits)) == (87, 0, 0, 1)
    assert prompts(runs) == [f"topic {number}" for number in range(8, 96)]
    assert steps([run.due for run in runs]) == {timedelta(minutes=10)}
    assert runs[0].due == MIDNIGHT + timedelta(hours=2)
    assert len(Runs(documents).list({"batch": day.batch})) == 96


@pytest.mark.usefixtures("day")
def test_the_days_to_come_are_planned_as_it_was_changed(planner, documents):
    planner.change("daily", Said(per_hour=6, start="06:00"))
    later = planner.plan("daily", Said(), day=TOMORROW + timedelta(days=1))
    runs = waiting(documents, later.day)
    assert runs[0].due == MIDNIGHT + timedelta(hours=30)
    assert steps([run.due for run in runs]) == {timedelta(minutes=10)}
    assert planner.plan("daily", Said(), day=TOMORROW).again


def test_a_start_later_or_earlier_moves_all_and_doubles_none(planner, documents, day):
    for start, per_hour in (("10:00", 4), ("00:00", 60), ("05:00", 8), ("00:00", 4)):
        planner.change("daily", Said(start=start, per_hour=per_hour))
        runs = waiting(documents, day)
        assert prompts(runs) == [f"topic {number}" for number in range(96)]
        assert len(steps([run.due for run in runs])) == 1
        assert f"{runs[0].due:%H:%M}" == start


def test_fewer_a_day_cancels_the_last_ones_whose_topics_come_next(planner, documents, day):
    done = planner.change("daily", Said(per_day=50))
    assert (done.cancelled, done.waiting) == (46, 50)
    following = planner.plan("daily", Said(), day=TOMORROW + timedelta(days=1))
    assert prompts(waiting(documents, following.day))[0] == "topic 50"
    assert planner.change("daily", Said(per_day=60), day=TOMORROW).made == 10
    assert prompts(waiting(documents, day))[-1] == "topic 109"
    assert planner.cancel("daily", day=TOMORROW).cancelled == 60
    after = planner.plan("daily", Said(), day=TOMORROW + timedelta(days=2))
    assert prompts(waiting(documents, after.day))[0] == "topic 110"  # which nobody has had


def test_what_would_have_no_time_any_more_is_refused_and_left(planner, documents, day):
    before = waiting(documents, day)
    with pytest.raises(DoesNotFit, match=r"Of 96 runs .* 16 would fit .*--per-day 16 cancels"):
        planner.change("daily", Said(start="08:00", until="12:00"))
    assert waiting(documents, day) == before
    assert Plans(documents).get("daily").rhythm == day.rhythm
    assert planner.change("daily", Said(start="08:00", until="12:00", per_day=16)).cancelled == 80


def test_other_topics_take_the_place_of_all_that_has_not_started(planner, documents, day, time):
    time.advance(timedelta(hours=12))
    begin(documents, waiting(documents, day)[:1])
    same = [*topics(3), *topics(500, "new")]
    done = planner.change("daily", Said(job=JOB, topics=same))
    runs = waiting(documents, day)
    assert (done.changed, done.made, done.cancelled) == (93, 0, 0)  # two are the same
    # The first topic has run this day already.
    assert prompts(runs) == ["topic 1", "topic 2", *(f"new {number}" for number in range(93))]
    assert runs[0].due == MIDNIGHT + timedelta(minutes=15)
    following = planner.plan("daily", Said(), day=TOMORROW + timedelta(days=1))
    assert prompts(waiting(documents, following.day))[0] == "new 93"


def test_a_file_that_has_grown_leaves_a_day_its_topics(planner, documents, day):
    done = planner.change("daily", Said(job=JOB, topics=topics(600)))
    assert (done.changed, done.made, done.cancelled) == (0, 0, 0)
    assert prompts(waiting(documents, day)) == [f"topic {number}" for number in range(96)]
    plan = planner.plans.get("daily")
    assert (plan.topics.count, plan.next) == (600, 96)
    assert planner.plan("daily", Said(), day=TOMORROW).again


def test_topics_of_another_file_are_not_given_back(planner, documents, day, time):
    time.advance(timedelta(days=3))  # the day is over, and its queue was paused
    planner.change("daily", Said(job=JOB, topics=topics(600, "new")))
    assert planner.cancel("daily", day=TOMORROW).cancelled == 96
    assert planner.plans.get("daily").next == 0
    assert waiting(documents, day) == []


def test_an_exchange_that_was_interrupted_is_completed_by_who_asks_again(
    planner, documents, monkeypatch
):
    monkeypatch.setattr("common.plans.parts.MAX_WRITES", 43)
    day = planner.plan("daily", said(), day=TOMORROW).day
    change = Said(job=JOB, topics=topics(500, "new"), start="01:00")
    with monkeypatch.context() as patch:
        failing(documents, patch, after=1)
        with pytest.raises(Unavailable):
            planner.change("daily", change)
    assert len({prompt.partition(" ")[0] for prompt in prompts(waiting(documents, day))}) == 2
    planner.change("daily", change)
    runs = waiting(documents, day)
    assert prompts(runs) == [f"new {number}" for number in range(96)]
    assert steps([run.due for run in runs]) == {timedelta(minutes=15)}
    assert Plans(documents).get("daily").next == 96


def test_a_day_without_a_number_an_hour_is_spread_over_what_is_left(planner, documents, time):
    day = planner.plan("even", said(per_hour=None, per_day=24), day=TOMORROW).day
    assert steps([run.due for run in waiting(documents, day)]) == {timedelta(hours=1)}
    time.advance(timedelta(hours=24))  # it is noon of that day
    begin(documents, waiting(documents, day)[:12])
    planner.change("even", Said(per_day=36))
    runs = waiting(documents, day)
    assert (len(runs), steps([run.due for run in runs])) == (24, {timedelta(minutes=30)})


def test_a_cancelled_day_can_be_planned_anew_and_then_has_what_is_left(
    planner, documents, day, time
):
    time.advance(timedelta(hours=13, minutes=15))
    begin(documents, waiting(documents, day)[:6])
    assert planner.cancel("daily").cancelled == 90
    assert (waiting(documents, day), Plans(documents).get("daily").next) == ([], 6)
    with pytest.raises(InvalidInput, match="was cancelled"):
        planner.change("daily", Said(per_hour=6), day=TOMORROW)
    done = planner.plan("daily", Said(), day=TOMORROW)
    assert prompts(waiting(documents, day)) == [f"topic {number}" for number in range(6, 96)]
    assert (done.made, planner.plan("daily", Said(), day=TOMORROW).again) == (90, True)


@pytest.mark.usefixtures("day")
def test_without_a_day_that_is_not_over_the_days_to_come_change(planner, documents, time):
    time.advance(timedelta(days=3))
    assert planner.change("daily", Said(per_hour=12)).day is None
    assert Plans(documents).get("daily").rhythm.per_hour == 12
    with pytest.raises(NoSuchDay):
        planner.cancel("daily")
    with pytest.raises(NoSuchPlan):
        planner.change("other", Said(per_hour=12))


def test_what_is_tried_again_and_what_was_cancelled_by_hand_stay(planner, documents, day, time):
    runs = waiting(documents, day)
    time.advance(timedelta(hours=12))
    ledger = Runs(documents)
    claimed = ledger.claim(runs[0].id, WORKER)
    time.advance(timedelta(minutes=2))
    ledger.rescue(claimed, "gone")
    ledger.cancel(runs[1].id)
    planner.change("daily", Said(per_hour=6))
    assert ledger.get(runs[0].id).attempts
    assert ledger.get(runs[1].id).state is State.CANCELLED
    assert sorted(prompts(waiting(documents, day)), key=_number) == [
        f"topic {number}" for number in range(96) if number != 1
    ]


@BOTH
def test_a_change_that_races_with_dispatching_moves_only_what_nobody_has_taken(
    open_store, time, new_planner
):
    stores = [time.rule(open_store()) for _ in range(2)]
    planner = new_planner(stores[0])
    day = planner.plan("daily", said(per_day=30, per_hour=60, start="12:00")).day
    time.advance(timedelta(minutes=31))

    def dispatch() -> int:
        taken = 0
        for run in waiting(stores[1], day)[:10]:
            with suppress(NotClaimable):  # it is due later by now
                begin(stores[1], [run])
                taken += 1
        return taken

    with ThreadPoolExecutor(2) as pool:
        working = pool.submit(dispatch)
        for per_hour in (30, 20, 40, 10):
            planner.change("daily", Said(per_hour=per_hour))
        taken = working.result()
    planner.change("daily", Said(per_hour=12))
    runs = Runs(stores[0]).list({"batch": day.batch})
    assert Counter(run.state for run in runs) == Counter(
        {State.RUNNING: taken, State.PENDING: 30 - taken}
    )
    assert Counter(prompts(runs)) == Counter(f"topic {number}" for number in range(30))
    assert steps([run.due for run in waiting(stores[0], day)]) == {timedelta(minutes=5)}
    assert Batches(Runs(stores[0])).get(day.batch).total == 30


@BOTH
def test_cancelling_races_with_a_change_and_leaves_nothing_waiting(open_store, time, new_planner):
    planners = [new_planner(time.rule(open_store())) for _ in range(2)]
    day = planners[0].plan("daily", said(per_day=24), day=TOMORROW).day
    with ThreadPoolExecutor(2) as pool:
        changing = pool.submit(planners[0].change, "daily", Said(per_hour=6))
        planners[1].cancel("daily")
        changing.exception()
    store = time.rule(open_store())
    assert waiting(store, day) == []
    assert Plans(store).current("daily", TOMORROW).cancelled


def _number(prompt: str) -> int:
    return int(prompt.split()[1])
