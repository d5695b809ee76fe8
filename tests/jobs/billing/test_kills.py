"""Killed at each step, and tried again: each event is charged once, each period begins once."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import suppress
from datetime import timedelta

from common.data.usage import USAGE_COUNTERS, USAGE_EVENTS
from common.data.users import USERS
from common.documents import Query
from common.runs import State
from tests.chaos.counts import trials
from tests.jobs.billing.billing import RECONCILE, RESET
from tests.jobs.billing.knife import Killed, Knife

ROUNDS = trials(1, 50)
LEASE = timedelta(minutes=2)
PARAMS = {RECONCILE: {"compare_hours": 0}, RESET: {}}


def killed_at_each_step(monkeypatch, ledger, job, prepare, check) -> Counter[str]:
    """A run of its own is killed at each step, and `check` told what came of it; returns where."""
    where: Counter[str] = Counter()
    for at in itertools.count(1):
        for turn in range(ROUNDS):
            name = f"{at}x{turn}"
            prepare(name)
            run = ledger.submit(job, PARAMS[job])
            with monkeypatch.context() as patched:
                knife = Knife(patched, at)
                with suppress(Killed):
                    ledger.attempt(run.id)
            if not knife.fell:
                return where
            where[knife.where] += 1
            check(name, finished(ledger, run.id))
    raise AssertionError


def finished(ledger, id):
    """The result of a run once it has ended, as others take it over; the lease of the killed one
    has run out by then."""
    ledger.time.advance(LEASE)
    if ledger.runs.get(id).state is not State.SUCCEEDED:
        ledger.attempt(id)
    return ledger.result(ledger.runs.get(id))


def test_a_reconciliation_killed_at_any_step_reports_each_event_once(ledger, stripe, monkeypatch):
    """Of two customers; and two events that were sent the day before are settled, of which one had
    arrived."""
    monkeypatch.setenv("STRIPE_CONCURRENT", "2")

    def prepare(name):
        at = ledger.time.now() - timedelta(minutes=5)
        for number in (0, 1):
            ledger.event(f"{name}e{number}", quantity=7, at=at, customer=f"cus_{number}{name}")
        lost = {"state": "sending", "at": at, "sent_at": at - timedelta(hours=25)}
        for number in (2, 3):
            customer = f"cus_{number}{name}"
            ledger.event(f"{name}e{number}", quantity=7, customer=customer, **lost)
        stripe.use(quantity=7, at=at, customer=f"cus_2{name}")

    def check(name, result):
        assert (result["reported_count"], result["settled_count"]) == (3, 2)
        assert result["waiting_count"] == result["unknown_count"] == 0
        for number in range(4):
            assert ledger[USAGE_EVENTS, f"{name}e{number}"]["state"] == "reported"
            assert stripe.total(f"cus_{number}{name}", "pages") == 7

    where = killed_at_each_step(monkeypatch, ledger, RECONCILE, prepare, check)
    assert {"before send", "after send", "before sums", "after sums"} <= where.keys()
    assert {"before usage_events", "after usage_events"} <= where.keys()
    assert {"before tallies usage_events", "after tallies usage_events"} <= where.keys()
    assert min(where.values()) >= ROUNDS


def test_a_reset_killed_at_any_step_begins_each_period_once(ledger, monkeypatch):
    def prepare(name):
        end = ledger.time.now() - timedelta(minutes=1)
        for number in range(3):
            ledger.user(
                f"{name}u{number}", created=end - timedelta(days=90), anchor_day=1, period_end=end
            )

    def check(name, result):
        assert (result["updated_count"], result["created_count"]) == (3, 3)
        for number in range(3):
            assert ledger[USERS, f"{name}u{number}"]["period"] == "2026-11-01"
            mine = (("user", "==", f"{name}u{number}"),)
            (counter,) = ledger.documents.query(Query(USAGE_COUNTERS, where=mine))
            assert (counter.data["used"], counter.data["period"]) == (0, "2026-11-01")

    where = killed_at_each_step(monkeypatch, ledger, RESET, prepare, check)
    written = "tallies usage_counters users"
    assert min(where[f"before {written}"], where[f"after {written}"]) >= ROUNDS
