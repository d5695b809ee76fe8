"""Stripe's sums beside the ledger's: what differs is told, what is merely young is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.stripe import BROKEN, RESET, busy

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("stripe")


@pytest.fixture
def reported(ledger):
    """Two customers who used something over five hours, all of it reported five hours ago."""
    ledger.pass_to(ledger.time.now() + timedelta(minutes=30))
    for hours in range(1, 6):
        ledger.event(at=ledger.time.now() - hours * HOUR)
        ledger.event(at=ledger.time.now() - hours * HOUR, customer="cus_2", quantity=hours)
    assert ledger.reconcile()["reported_count"] == 10
    ledger.time.advance(5 * HOUR)
    return ledger


def test_sums_that_agree_are_told_as_such(reported):
    result = reported.reconcile()
    assert (result["compared_count"], result["drift_count"]) == (2, 0)
    assert "compared 2 sums by customer and meter: all agree" in result["message"]


def test_what_stripe_lost_is_drift(reported, stripe, caplog):
    gone = next(event for event in stripe.events if event.customer == "cus_2" and event.value == 4)
    stripe.events.remove(gone)
    result = reported.reconcile()
    assert result["drift_count"] == 1
    (drift,) = result["drifts"]
    assert drift == {
        "customer": "cus_2",
        "event_name": "pages",
        "hour": "2026-11-22T08:00:00+00:00",
        "ledger": 4,
        "stripe": 0.0,
    }
    assert "cus_2: Stripe has 0 of pages" in caplog.text


def test_what_stripe_has_besides_is_drift(reported, stripe):
    stripe.use(quantity=7, at=reported.time.now() - 7 * HOUR)
    (drift,) = reported.reconcile()["drifts"]
    assert (drift["ledger"], drift["stripe"]) == (3, 10.0)


def test_drift_is_told_and_nothing_is_repaired(reported, stripe):
    stripe.events.pop()
    reported.reconcile()
    assert reported.reconcile()["drift_count"] == 1
    assert len(stripe.events) == 9


def test_what_was_reported_just_now_may_be_there_or_not(reported, stripe):
    """Late usage of an hour that is long closed."""
    stripe.lag = timedelta(minutes=20)
    reported.event(at=reported.time.now() - 7 * HOUR)
    assert reported.reconcile()["drift_count"] == 0
    reported.time.advance(timedelta(minutes=10))
    assert reported.reconcile()["drift_count"] == 0
    reported.time.advance(timedelta(minutes=60))
    assert reported.reconcile()["drift_count"] == 0


def test_an_hour_that_is_not_closed_is_not_compared(reported, stripe):
    stripe.lag = timedelta(days=1)
    reported.event(at=reported.time.now() - timedelta(minutes=5))
    assert reported.reconcile(compare_hours=1)["compared_count"] == 0


def test_a_meter_that_counts_is_compared_by_counts(ledger, stripe):
    stripe.meters[0].formula = "count"
    for _ in range(3):
        ledger.event(quantity=10)
    ledger.reconcile()
    ledger.time.advance(3 * HOUR)
    result = ledger.reconcile()
    assert (result["compared_count"], result["drift_count"]) == (1, 0)


def test_a_meter_that_takes_the_last_value_is_not_compared(ledger, stripe):
    stripe.meters[0].formula = "last"
    ledger.event()
    ledger.reconcile()
    ledger.time.advance(3 * HOUR)
    assert ledger.reconcile()["compared_count"] == 0


def test_more_hours_than_a_page_has_are_compared(reported, stripe):
    since = reported.time.now() - 2 * HOUR
    for hours in range(10, 115):
        at = reported.time.now() - hours * HOUR
        reported.event(at=at, state="reported", reported_at=since)
        stripe.use(quantity=3, at=at)
    result = reported.reconcile(compare_hours=200)
    assert (result["compared_count"], result["drift_count"]) == (2, 0)


def test_a_customer_that_stripe_forgot_is_told_of(reported, stripe):
    stripe.broken_reads.extend([None, busy(400, "No such customer")])
    result = reported.reconcile()
    assert result["compared_count"] == 1
    assert any("could not be compared: 400" in problem for problem in result["problems"])


def test_sums_that_do_not_come_are_asked_for_again(reported, stripe):
    stripe.broken_reads.extend([RESET, None, BROKEN, busy(Retry_After="3")])
    assert reported.reconcile()["compared_count"] == 2
