"""Daily plans go on by themselves: each day is planned once, before it begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from common.plans import Plans, Said
from common.plans.daily import coming_days
from common.runs import State
from tests.jobs.extraction.ledger import Ledger
from tests.plans.conftest import BOTH, DAY, NOON, prompts, said, waiting


@pytest.fixture
def ledger(documents, tmp_path) -> Ledger:
    return Ledger(documents, f"file://{tmp_path}/blobs")


def planned(ledger: Ledger, **params) -> list[tuple[str, str, int]]:
    result = ledger.result(ledger.perform("daily-plan", params))
    assert result["success"]
    assert result["planned_count"] == len(result["planned"])
    return [(each["plan"], each["day"], each["runs"]) for each in result["planned"]]


def test_a_month_of_days_is_planned_each_before_it_begins_and_goes_through_the_topics(
    ledger, planner, documents, time
):
    more = {"per_day": 4, "per_hour": 1, "start": "08:00", "zone": "Europe/Berlin"}
    planner.plan("daily", said(1_000, daily=True, **more), day=DAY + timedelta(days=1))
    days: list[str] = []
    for _ in range(8):
        days += [day for _, day, runs in planned(ledger) if runs == 4]
        assert planned(ledger) == []
        time.advance(timedelta(days=1))
    assert days == [str(DAY + timedelta(days=number)) for number in range(2, len(days) + 2)]
    assert len(days) == 7
    found = [
        prompt
        for number in range(1, len(days) + 2)
        for prompt in prompts(
            waiting(documents, Plans(documents).current("daily", DAY + timedelta(days=number)))
        )
    ]
    assert found == [f"topic {number}" for number in range(4 * 8)]


@BOTH
def test_only_daily_plans_are_unless_one_is_named(ledger, planner):
    planner.plan("daily", said())
    assert planned(ledger) == []
    assert [day for _, day, _ in planned(ledger, plan="daily", ahead=24)] == [
        str(DAY + timedelta(days=1))
    ]


def test_a_day_that_was_cancelled_stays_so(ledger, planner, documents):
    planner.plan("daily", said(daily=True), day=DAY + timedelta(days=1))
    planner.cancel("daily")
    assert str(DAY + timedelta(days=1)) not in [day for _, day, _ in planned(ledger)]
    assert waiting(documents, Plans(documents).current("daily", DAY + timedelta(days=1))) == []


def test_a_plan_that_becomes_daily_does_so_from_the_day_that_was_said(ledger, planner, time):
    planner.plan("daily", said())
    time.advance(timedelta(days=5))  # it is noon again, of a day that nobody has planned
    planner.plan("daily", Said(daily=True), day=DAY + timedelta(days=6))
    assert [day for _, day, _ in planned(ledger)] == [str(DAY + timedelta(days=7))]


def test_a_plan_that_becomes_daily_between_its_days_does_so_from_the_next_one(
    ledger, planner, time
):
    planner.plan("daily", said())
    time.advance(timedelta(days=5))
    assert planner.change("daily", Said(daily=True)).day is None
    assert [day for _, day, _ in planned(ledger, ahead=24)] == [str(DAY + timedelta(days=6))]


def test_what_is_wrong_with_one_plan_does_not_keep_the_others_from_it(ledger, planner, documents):
    planner.plan("bad", said(daily=True))
    planner.plan("good", said(daily=True, word="other"))
    ledger.blobs.delete([Plans(documents).get("bad").topics.path])
    ended = ledger.perform("daily-plan", {"ahead": 24})
    assert (ended.state, ended.error.retryable) == (State.FAILED, False)
    assert "bad: The topics" in ended.error.message
    assert len(waiting(documents, Plans(documents).current("good", DAY + timedelta(days=1)))) == 96


def test_topics_that_have_had_their_turn_are_no_failure(ledger, planner):
    planner.plan("daily", said(5, once=True, daily=True))
    assert planned(ledger) == []


def test_a_tenant_cannot_run_it(ledger):
    ended = ledger.perform("daily-plan", {}, tenant="acme")
    assert (ended.state, "the operator's" in ended.error.message) == (State.FAILED, True)


@pytest.mark.parametrize(
    ("start", "until", "found"),
    [
        ("00:00", None, [22, 23, 24]),
        ("11:00", "12:00", [23]),
        ("13:00", None, [21, 22, 23]),
        ("20:00", "06:00", [22, 23]),
        ("20:00", "14:00", [21, 22, 23]),
    ],
)
def test_days_to_come_are_those_that_are_not_over_and_begin_soon(planner, start, until, found):
    planner.plan("daily", said(start=start, until=until, per_day=None), day=DAY + timedelta(days=5))
    plan = planner.plans.get("daily")
    anytime = replace(plan, since=date(2026, 1, 1))
    assert [day.day for day in coming_days(anytime, NOON, timedelta(hours=36))] == found
    assert [*coming_days(plan, NOON, timedelta(hours=36))] == []
