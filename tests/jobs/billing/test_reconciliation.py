"""stripe-usage-reconciliation: what was used is charged once, and what is not is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from common.data.usage import USAGE_EVENTS
from tests.jobs.billing.billing import RECONCILE
from tests.services.stripe import (
    BROKEN,
    DRIPPING,
    GARBAGE,
    HANGING,
    LOST,
    RESET,
    busy,
)

EVENT = (USAGE_EVENTS, "e1")
pytestmark = pytest.mark.usefixtures("stripe")


def test_what_is_unreported_is_reported_once(each_ledger, stripe):
    ledger = each_ledger
    ids = [ledger.event(quantity=number, customer=f"cus_{number % 3}") for number in range(1, 10)]
    result = ledger.reconcile()
    assert (result["success"], result["reported_count"]) == (True, 9)
    assert ledger.states() == {"reported": 9}
    assert sum(event.value for event in stripe.events) == 45
    assert {event.identifier for event in stripe.events} == set(ids)
    assert ledger.reconcile()["reported_count"] == 0
    assert len(stripe.posts) == 9


def test_what_is_sent_is_what_stripe_asks_for(ledger, stripe):
    stripe.meters[0].customer_key, stripe.meters[0].value_key = "who", "how_many"
    ledger.event("e1", at=ledger.time.now() - timedelta(days=3))
    ledger.reconcile()
    (sent,) = stripe.posts
    assert sent == {
        "event_name": "pages",
        "payload[who]": "cus_1",
        "payload[how_many]": "3",
        "identifier": "e1",
        "timestamp": str(int(ledger.time.now().timestamp()) - 3 * 86_400),
    }
    event = ledger[EVENT]
    assert event["state"] == "reported"
    assert event["identifier"] == "e1"
    assert event["reported_at"] == event["sent_at"] == ledger.time.now()


def test_the_intent_is_kept_before_anything_is_sent(ledger, stripe, monkeypatch):
    ledger.event("e1")
    seen = []
    accept = stripe._accept
    monkeypatch.setattr(
        stripe, "_accept", lambda params: seen.append(ledger[EVENT]) or accept(params)
    )
    ledger.reconcile()
    assert [(event["state"], event["identifier"]) for event in seen] == [("sending", "e1")]


@pytest.mark.parametrize(
    ("fields", "state", "why"),
    [
        ({"quantity": 0}, "refused", "its quantity is 0"),
        ({"customer": ""}, "refused", "names no customer"),
        ({"customer": "somebody"}, "refused", "No such customer: 'somebody'"),
        ({"days": 35}, "late", "older than 35 days"),
    ],
)
def test_what_stripe_never_takes_says_why(ledger, fields, state, why):
    days = fields.pop("days", 0)
    ledger.event("e1", at=ledger.time.now() - timedelta(days=days), **fields)
    ledger.event("e2")
    result = ledger.reconcile()
    assert (result["reported_count"], result[f"{state}_count"]) == (1, 1)
    assert ledger[EVENT]["state"] == state
    assert why in ledger[EVENT]["why"]
    assert ledger.reconcile()[f"{state}_count"] == 0


def test_what_is_of_the_future_or_has_no_meter_waits(ledger, stripe):
    ledger.event("e1", at=ledger.time.now() + timedelta(hours=1))
    ledger.event("e2", event_name="films")
    result = ledger.reconcile()
    assert (result["reported_count"], result["waiting_count"]) == (0, 2)
    assert set(result["problems"]) == {
        "Some wait: it lies in the future",
        "Some wait: there is no active meter for 'films'",
    }
    stripe.meter("films")
    ledger.time.advance(timedelta(hours=2))
    assert ledger.reconcile()["reported_count"] == 2


def test_a_meter_that_counts_only_the_last_event_of_an_hour_gets_none(ledger, stripe):
    """Each would take the place of the one before, which would not be charged."""
    stripe.meters[0].event_time_window = "hour"
    ledger.event()
    result = ledger.reconcile()
    assert (result["waiting_count"], stripe.posts) == (1, [])
    assert "counts only the last" in result["problems"][0]


def test_where_no_customer_is_known_it_is_the_account_and_nothing_is_refused(ledger, stripe):
    stripe.customers = {"cus_of_another_account"}
    for number in range(6):
        ledger.event(customer=f"cus_{number}")
    run = ledger.perform(RECONCILE, {})
    assert run.error.type == "Refusing"
    assert "Is STRIPE_SECRET_KEY that of their account?" in run.error.message
    assert ledger.states() == {"unreported": 6}
    stripe.customers = {"cus_1"}
    result = ledger.reconcile()
    assert (result["reported_count"], result["refused_count"]) == (1, 5)


def test_an_event_that_makes_no_sense_is_left_alone(ledger):
    ledger.event("e1", quantity="3")
    ledger.event("e2")
    result = ledger.reconcile()
    assert (result["reported_count"], result["malformed_count"]) == (1, 1)
    assert ledger[EVENT]["state"] == "unreported"


@pytest.mark.parametrize(
    "fault", [LOST, RESET, BROKEN, GARBAGE, busy(), busy(Retry_After="7"), busy(503), busy(409)]
)
def test_a_call_that_goes_wrong_is_tried_again_and_counts_once(ledger, stripe, fault):
    ledger.event("e1")
    stripe.faults.append(fault)
    begin = ledger.time.now()
    assert ledger.reconcile()["reported_count"] == 1
    assert stripe.total("cus_1", "pages") == 3
    if "Retry-After" in fault.answer.headers:
        assert ledger.time.now() - begin >= timedelta(seconds=7)


@pytest.mark.parametrize("fault", [HANGING, DRIPPING])
def test_a_call_that_never_ends_is_given_up(ledger, stripe, fault, monkeypatch):
    monkeypatch.setattr("jobs.stripe_usage_reconciliation.api.LIMIT", 0.3)
    ledger.event("e1")
    stripe.faults.append(fault)
    assert ledger.reconcile()["reported_count"] == 1
    assert stripe.total("cus_1", "pages") == 3


def test_what_may_have_arrived_is_sent_again_by_the_same_identifier_in_its_window(ledger, stripe):
    ledger.event("e1")
    stripe.faults.extend([LOST] * 2 + [busy(500)] * 2)
    result = ledger.reconcile()
    assert (result["reported_count"], result["waiting_count"]) == (0, 1)
    assert any("500" in problem for problem in result["problems"])
    since = ledger[EVENT]["sent_at"]
    ledger.time.advance(timedelta(hours=22))
    result = ledger.reconcile()
    assert (result["reported_count"], result["duplicate_count"]) == (1, 1)
    assert ledger[EVENT]["sent_at"] == since
    assert stripe.total("cus_1", "pages") == 3


@pytest.mark.parametrize("fault", [LOST, RESET])
def test_after_its_window_it_is_not_sent_again_but_settled_by_stripes_sums(ledger, stripe, fault):
    ledger.event("e1")
    stripe.faults.extend([fault] * 4)
    ledger.reconcile()
    ledger.time.advance(timedelta(hours=25))
    posts = len(stripe.posts)
    result = ledger.reconcile(compare_hours=0)
    assert result["settled_count"] == 1
    assert ledger[EVENT]["state"] == "reported"
    assert stripe.total("cus_1", "pages") == 3
    assert len(stripe.posts) - posts == (fault is RESET)


def test_what_the_sums_do_not_decide_is_unknown_and_never_sent_again(ledger, stripe):
    ledger.event("e1")
    stripe.faults.extend([RESET] * 4)
    ledger.reconcile()
    stripe.use(quantity=1, at=ledger[EVENT]["at"])  # by somebody else
    ledger.time.advance(timedelta(hours=25))
    result = ledger.reconcile()
    assert result["unknown_count"] == 1
    assert ledger[EVENT]["state"] == "unknown"
    assert "has 1 for its minute" in ledger[EVENT]["why"]
    assert ledger.reconcile()["reported_count"] == 0
    assert len(stripe.posts) == 4


def test_of_several_the_sums_tell_which_arrived(ledger, stripe):
    """Two of a minute, one of which arrived, beside one that was reported."""
    moment = ledger.time.now() - timedelta(minutes=10)
    ledger.event("e0", quantity=4, at=moment)
    ledger.reconcile()
    ledger.event("e1", quantity=2, at=moment)
    ledger.event("e2", quantity=5, at=moment + timedelta(seconds=1))
    stripe.faults.extend([RESET] * 4 + [LOST] + [RESET] * 3)
    ledger.reconcile()
    assert ledger.states() == {"reported": 1, "sending": 2}
    ledger.time.advance(timedelta(hours=25))
    result = ledger.reconcile()
    assert (result["settled_count"], result["reported_count"]) == (2, 1)
    assert stripe.total("cus_1", "pages") == 11
    assert len(stripe.events) == 3


def test_what_others_report_while_the_sums_are_asked_for_is_not_taken_for_it(
    ledger, stripe, monkeypatch
):
    """The application reports usage of the same minute itself, just then."""
    moment = ledger.time.now() - timedelta(minutes=10)
    ledger.event("e1", at=moment)
    stripe.faults.extend([RESET] * 4)
    ledger.reconcile()
    ledger.time.advance(timedelta(hours=25))
    respond = stripe.respond

    def reported_meanwhile(method, path, *rest):
        if "event_summaries" in path and not stripe.events:
            now = ledger.time.now()
            ledger.event("e2", at=moment, state="reported", sent_at=now, reported_at=now)
            stripe.use(quantity=3, at=moment)
        return respond(method, path, *rest)

    monkeypatch.setattr(stripe, "respond", reported_meanwhile)
    assert ledger.reconcile(compare_hours=0)["settled_count"] == 0
    ledger.time.advance(timedelta(hours=2))
    assert ledger.reconcile(compare_hours=0)["settled_count"] == 1
    assert stripe.total("cus_1", "pages") == 6


def test_what_never_arrived_and_is_too_old_by_now_is_late(ledger, stripe):
    ledger.event("e1", at=ledger.time.now() - timedelta(days=34, hours=12))
    stripe.faults.extend([RESET] * 4)
    ledger.reconcile()
    ledger.time.advance(timedelta(hours=25))
    result = ledger.reconcile()
    assert (result["settled_count"], result["late_count"]) == (1, 1)
    assert stripe.events == []


def test_a_refusal_says_nothing_of_a_call_before(ledger, stripe):
    ledger.event("e1")
    stripe.faults.extend([LOST, busy(400)])
    assert ledger.reconcile()["waiting_count"] == 1
    assert ledger[EVENT]["state"] == "sending"


@pytest.mark.parametrize(
    ("status", "error", "lasting"),
    [(400, "Refusing", True), (500, "NoAnswers", False), (429, "NoAnswers", False)],
)
def test_where_nothing_goes_the_run_stops_and_nothing_is_lost(
    ledger, stripe, status, error, lasting
):
    ids = [ledger.event(customer=f"cus_{number}") for number in range(12)]
    stripe.faults.extend([busy(status)] * 48)
    run = ledger.perform(RECONCILE, {})
    assert run.attempts[-1].error.type == error
    assert run.state == ("failed" if lasting else "pending")
    assert set(ledger.states()) <= {"unreported", "sending"}
    stripe.faults.clear()
    result = ledger.reconcile()
    assert result["reported_count"] == 12
    assert sorted(event.identifier for event in stripe.events) == sorted(ids)


def test_what_another_run_sends_as_well_is_not_given_back(ledger, stripe, monkeypatch):
    """Its call may have arrived, whatever became of ours."""
    ledger.event("e1")
    stripe.faults.extend([busy(429)] * 4)
    respond = stripe.respond

    def taken_up(method, path, params, headers):
        if method == "POST" and not stripe.posts:
            ledger.change(*EVENT, state="sending")
        return respond(method, path, params, headers)

    monkeypatch.setattr(stripe, "respond", taken_up)
    ledger.reconcile()
    assert len(stripe.posts) == 4
    assert ledger[EVENT]["state"] == "sending"
    assert ledger.reconcile()["reported_count"] == 1


def test_a_process_that_was_paused_after_its_intents_sends_nothing(ledger, stripe, monkeypatch):
    monkeypatch.setattr("jobs.stripe_usage_reconciliation.page._FRESH", -1.0)
    ledger.event("e1")
    assert ledger.reconcile()["waiting_count"] == 1
    assert stripe.posts == []
    assert ledger[EVENT]["state"] == "unreported"
    assert "sent_at" not in ledger[EVENT]


@pytest.mark.parametrize("key", [None, "", "sk_test_other", "pk_test_1", "sk_test_\n"])
def test_a_key_that_does_not_fit_is_named(ledger, monkeypatch, key):
    if key is None:
        monkeypatch.delenv("STRIPE_SECRET_KEY")
    else:
        monkeypatch.setenv("STRIPE_SECRET_KEY", key)
    ledger.event("e1")
    run = ledger.perform(RECONCILE, {})
    assert run.state == "failed"
    assert run.error.type == "Misconfigured"
    assert "STRIPE_SECRET_KEY" in run.error.message
    assert not key or key not in run.error.message
    assert ledger[EVENT]["state"] == "unreported"


def test_a_key_that_is_revoked_in_the_middle_loses_nothing(ledger, stripe):
    for number in range(30):
        ledger.event(customer=f"cus_{number}")
    stripe.faults.extend([None, None, busy(401)])
    run = ledger.perform(RECONCILE, {})
    assert run.error.type == "Misconfigured"
    assert set(ledger.states()) == {"reported", "unreported"}
    assert ledger.states()["reported"] == len(stripe.events)


@pytest.mark.parametrize("url", ["http://stripe.example", "ftp://127.0.0.1", "//x"])
def test_no_key_goes_where_others_listen(ledger, monkeypatch, url):
    monkeypatch.setenv("STRIPE_BASE_URL", url)
    run = ledger.perform(RECONCILE, {})
    assert run.error.type == "Misconfigured"
    assert "STRIPE_BASE_URL" in run.error.message


def test_a_customer_and_a_meter_have_one_call_at_a_time(ledger, stripe):
    """Stripe refuses a second one: none is."""
    for number in range(40):
        ledger.event(customer=f"cus_{number % 4}")
    assert ledger.reconcile()["reported_count"] == 40
    assert len(stripe.posts) == 40


def test_calls_of_several_customers_are_under_way_at_once(ledger, stripe, monkeypatch):
    both = threading.Barrier(4)
    accept = stripe._accept_one
    monkeypatch.setattr(stripe, "_accept_one", lambda *it: both.wait(20) is None or accept(*it))
    for number in range(4):
        ledger.event(customer=f"cus_{number}")
    assert ledger.reconcile()["reported_count"] == 4


def test_a_dry_run_sends_nothing_and_says_what_it_would(ledger, stripe):
    ledger.event("e1")
    ledger.event("e2", quantity=0)
    result = ledger.reconcile(dry_run=True)
    assert stripe.posts == []
    assert ledger.states() == {"unreported": 2}
    assert (result["reported_count"], result["refused_count"]) == (1, 1)
    assert result["would"][1].startswith("Report usage_events/e1: 3 pages of cus_1, at 2026-")


def test_far_more_than_usual_waits_for_a_person(ledger, monkeypatch):
    monkeypatch.setattr("jobs.stripe_usage_reconciliation.produce._ALWAYS", 1)
    monkeypatch.setattr("common.maintenance.guard._FEW", 2)
    ledger.events([f"a{number}" for number in range(2)])
    ledger.reconcile()
    ledger.events([f"b{number}" for number in range(7)])
    run = ledger.perform(RECONCILE, {})
    assert run.error.type == "TooMany"
    assert "6 usage events beyond 1 would go" in run.error.message
    assert ledger.states()["unreported"] == 7
    assert ledger.reconcile(force=True)["reported_count"] == 7


def test_several_tasks_share_the_customers(ledger, stripe):
    for number in range(30):
        ledger.event(customer=f"cus_{number % 10}")
    runs = ledger.parts(RECONCILE, 3)
    counts = [ledger.result(run)["reported_count"] for run in runs]
    assert sum(counts) == 30
    assert min(counts) > 0
    assert not any(count % 3 for count in counts)
    assert ledger.states() == {"reported": 30}
    assert len(stripe.posts) == 30


def test_a_second_run_at_the_same_time_charges_nothing_twice(ledger, stripe):
    for number in range(30):
        ledger.event(customer=f"cus_{number % 10}")
    ids = [ledger.submit(RECONCILE, {}).id for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        runs = [*pool.map(ledger.attempt, ids)]
    while ledger.states() != {"reported": 30}:
        runs.append(ledger.perform(RECONCILE, {}))
        assert len(runs) < 10
    assert len(stripe.events) == 30
    ended = [run for run in runs if run.state == "succeeded"]
    assert sum(ledger.result(run)["reported_count"] for run in ended) <= 30


def test_a_tenant_cannot_run_it(ledger):
    assert ledger.perform(RECONCILE, {}, tenant="t").error.type == "InvalidInput"
