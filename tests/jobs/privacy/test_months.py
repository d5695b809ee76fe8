"""The seven jobs, at their own times, over months: what each promises holds on every day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heapify, heapreplace

import pytest

from common.data.users import user_of
from common.documents import Query
from common.maintenance import months_before
from common.runtime.discover import find_job
from jobs.opt_out_data_cleanup.pages import pages
from tests.chaos.counts import CHAOS, trials
from tests.jobs.privacy.years import DAY, METER, Application, local
from tests.services.stripe import KEY, Stripe

JOBS = (
    "free-user-period-reset",
    "stripe-usage-reconciliation",
    "usage-counter-cleanup",
    "abandoned-job-cleanup",
    "artifact-cleanup",
    "opt-out-data-cleanup",
    "gmail-watch-renewal",
)
LEAP = datetime(2028, 2, 24, tzinfo=UTC)
"""Before a 29th of February, and the days on which clocks change, in both halves of the world."""
BEGIN = datetime(2027, 2, 20, tzinfo=UTC) if CHAOS else LEAP
DAYS = trials(35, 400)
"""Many are a year that ends with a leap day, and what comes before and after."""
THINNED = 4 if CHAOS else 12
"""Of so many moments of the job that runs each two hours one is tried."""


@pytest.fixture
def application(world, monkeypatch) -> Iterator[Application]:
    made = Application(world, BEGIN, seed=11)
    with Stripe(now=lambda: made.now) as stripe:
        stripe.meter(METER)
        made.stripe = stripe
        monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
        monkeypatch.setenv("STRIPE_BASE_URL", stripe.url)
        monkeypatch.setenv("STRIPE_PER_SECOND", "100000")
        monkeypatch.setenv("STRIPE_READS_PER_SECOND", "100000")
        yield made


def moments(begin: datetime, days: int) -> Iterator[tuple[datetime, str]]:
    """When which job runs by itself, in order; and each noon nobody."""
    schedules = {name: find_job(name).schedule for name in JOBS}
    heap = [(schedule.next(begin), name) for name, schedule in schedules.items()]
    heap.append((begin + DAY / 2, ""))
    heapify(heap)
    while heap[0][0] < begin + days * DAY:
        moment, name = heap[0]
        heapreplace(heap, (schedules[name].next(moment) if name else moment + DAY, name))
        yield moment, name


def test_over_months_what_each_job_promises_holds_on_every_day(application):
    for _ in range(12):
        application.join()
    count = 0
    for moment, name in moments(BEGIN, DAYS):
        application.now = moment
        if not name:
            check(application)
            application.day()
            continue
        count += name == "stripe-usage-reconciliation"
        if name != "stripe-usage-reconciliation" or count % THINNED == 0:
            run(application, name)
    assert len(application.opted) > DAYS / 20
    assert len(application.documents.query(Query("opt_outs"))) > len(application.opted) / 2


def run(application: Application, name: str) -> None:
    application.extend()
    check_watches(application)
    result = application.world.do(find_job(name), tenant="")
    waits = name == "opt-out-data-cleanup" and THINNED > 1
    assert result.success or waits, (application.now, name, result)
    assert result.malformed_count == 0


def check(application: Application) -> None:
    check_periods(application)
    check_usage(application)
    check_folders(application)
    check_leavers(application)
    check_watches(application)


def check_periods(application: Application) -> None:
    """No free user's period is over for a day, and each ends at midnight of the right day there."""
    for document in pages(application.documents, "users"):
        user = user_of(document)
        if user.plan == "free":
            assert user.period_start <= application.now < user.period_end + DAY
            end = local(user.period_end, user.time_zone)
            assert end.day == min(user.anchor_day, monthrange(end.year, end.month)[1])
            assert (end.hour, end.minute) in {(0, 0), (1, 0), (0, 30)}


def check_usage(application: Application) -> None:
    """All that was used is counted for 13 months, and charged for once."""
    sunday = application.now - timedelta(days=(application.now.weekday() + 1) % 7 + 7)
    before = months_before(sunday, 13)
    there = {each.id: each.data for each in pages(application.documents, "usage_counters")}
    assert all(data["period_end"] >= before for data in there.values())
    late = months_before(application.now, 13)
    for id, used in application.used.items():
        if id in there:
            assert there[id]["used"] == used
        else:
            user, end = application.counters[id]
            assert end < late or application.documents.get("users", user) is None
    old = application.now - timedelta(hours=2 * THINNED + 1)
    for event in pages(application.documents, "usage_events", ("state", "==", "unreported")):
        assert event.data["at"] > old
    for customer, quantity in application.charged.items():
        waiting = pages(application.documents, "usage_events", ("customer", "==", customer))
        unsent = sum(it.data["quantity"] for it in waiting if it.data["state"] == "unreported")
        assert application.stripe.total(customer, METER) + unsent == quantity


def check_folders(application: Application) -> None:
    """Files of jobs that nobody started, and of artifacts, are there until their time, and not
    a day longer."""
    for folder, until in application.folders.items():
        if until + DAY < application.now:
            assert not any(application.world.blobs.list(f"{folder}/")), folder


def check_leavers(application: Application) -> None:
    """Who opted out is gone on the Saturday after a week of grace."""
    for user, since in application.opted.items():
        is_there = application.documents.get("users", user) is not None
        if application.now < since + 7 * DAY:
            assert is_there
        if application.now > since + 15 * DAY + THINNED * DAY:
            assert not is_there


def check_watches(application: Application) -> None:
    """Whose automation waits for messages is watched, without a gap."""
    for document in pages(application.documents, "integrations"):
        watch = document.data["watch"]
        if "expires" in watch:
            assert datetime.fromisoformat(watch["expires"]) > application.now + DAY / 4
        else:
            assert document.data["created"] > application.now - DAY
