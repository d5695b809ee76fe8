"""usage-counter-cleanup: what is older than 13 calendar months goes, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.data.usage import USAGE_COUNTERS
from common.documents import Query, Update
from common.maintenance import months_before
from common.runs import State

JOB = "usage-counter-cleanup"


@pytest.mark.parametrize(
    ("time", "months", "before"),
    [
        ((2026, 11, 29), 13, (2025, 10, 29)),
        ((2026, 3, 31), 13, (2025, 2, 28)),
        ((2025, 3, 31), 13, (2024, 2, 29)),
        ((2024, 2, 29), 12, (2023, 2, 28)),
        ((2028, 2, 29), 48, (2024, 2, 29)),
        ((2026, 1, 31), 1, (2025, 12, 31)),
        ((2026, 12, 1), 12, (2025, 12, 1)),
        ((2100, 3, 29), 1, (2100, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(time, months, before):
    at = datetime(*time, 2, 30, tzinfo=UTC)
    assert months_before(at, months) == datetime(*before, 2, 30, tzinfo=UTC)


def test_a_counter_goes_when_its_period_ended_more_than_13_months_ago_and_not_before(shop, at):
    now = at(2025, 3, 31, 2)
    leap = datetime(2024, 2, 29, 2, tzinfo=UTC)
    old = shop.counter("old", leap - timedelta(microseconds=1))
    edge = shop.counter("edge", leap)
    fresh = shop.counter("fresh", now)
    done = shop.do(JOB)
    assert done["removed_count"] == 1
    assert done["message"] == "Removed 1 usage counter older than 13 months."
    assert done["success"] is True
    assert shop.ids(USAGE_COUNTERS) == {edge, fresh} - {old}


def test_sundays_of_two_years_never_leave_a_counter_longer_than_it_is_kept(sqlite_shop, at):
    """A counter each month's end; by calendar months, through a leap year."""
    shop = sqlite_shop
    at(2023, 1, 1, 2)
    ends = [months_before(datetime(2025, 12, 31, tzinfo=UTC), back) for back in range(40)]
    for end in ends:
        shop.counter("ann", end)
    removed = 0
    while shop.time.now() < datetime(2025, 1, 10, tzinfo=UTC):
        removed += shop.do(JOB)["removed_count"]
        before = months_before(shop.time.now(), 13)
        left = [d.data["period_end"] for d in shop.documents.query(Query(USAGE_COUNTERS))]
        assert sorted(left) == sorted(end for end in ends if end >= before)
        shop.time.advance(timedelta(weeks=4))
    assert removed == sum(end < before for end in ends) > 10


def test_fewer_months_can_be_asked_for(sqlite_shop):
    shop = sqlite_shop
    shop.counter("ann", shop.ago(70))
    assert shop.do(JOB)["removed_count"] == 0
    assert shop.do(JOB, keep_months=2)["removed_count"] == 1


def test_a_counter_that_was_written_since_it_was_read_is_judged_anew(shop, monkeypatch):
    ids = [shop.counter(f"u{number}", shop.ago(500 + number)) for number in range(7)]
    query = shop.documents._query

    def then(asked):
        found = query(asked)
        for document in found:
            if document.id in {ids[3], ids[5]}:
                data = {"period_end": shop.ago(1)} if document.id == ids[3] else {"used": 2}
                shop.documents.commit([Update(USAGE_COUNTERS, document.id, data, document.version)])
        return found

    monkeypatch.setattr(shop.documents, "_query", then)
    done = shop.do(JOB)
    monkeypatch.undo()
    assert done["removed_count"] == 6
    assert shop.ids(USAGE_COUNTERS) == {ids[3]}


def test_what_is_no_counter_is_left_alone_and_counted(sqlite_shop):
    shop = sqlite_shop
    shop.counter("ann", shop.ago(500), user=7)
    shop.counter("ben", shop.ago(500))
    done = shop.do(JOB)
    assert (done["removed_count"], done["malformed_count"]) == (1, 1)


def test_a_tenant_cannot_run_it(sqlite_shop):
    shop = sqlite_shop
    for job in (JOB, "abandoned-job-cleanup", "artifact-cleanup"):
        run = shop.perform(job, {}, tenant="acme")
        assert run.state is State.FAILED
        assert "operator" in run.error.message
