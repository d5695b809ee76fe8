"""A store that fails three times in ten, and processes that are killed in truth."""

from __future__ import annotations

import random
import signal
from datetime import UTC, datetime, timedelta

import pytest

from common.data.usage import USAGE_EVENTS, event_data
from common.documents import Create, Query, open_documents
from tests.chaos.counts import trials
from tests.faults import FAULTS, Faulty
from tests.jobs.billing.billing import Billing
from tests.jobs.task import Task
from tests.services.stripe import KEY, Stripe


@pytest.mark.parametrize("seed", range(trials(1, 50)))
def test_a_store_that_fails_three_times_in_ten_has_all_end_right(tmp_path, time, stripe, seed):
    inner = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    inner._now = time.now
    rng = random.Random(seed)  # noqa: S311 - the same faults each time
    fails = (rng.choice(FAULTS) if rng.random() < 0.3 else None for _ in range(100_000))
    patient = {"patience": 1e9, "rng": lambda: 0.0, "clock": time.clock}
    ledger = Billing(Faulty(inner, **patient), f"file://{tmp_path}/blobs", time)
    end = time.now()
    for number in range(4):
        ledger.event(f"e{number}", customer=f"cus_{number}")
        ledger.user(f"u{number}", created=end, anchor_day=1, period_end=end)
    ledger.documents.faults.extend(fails)
    reported = ledger.reconcile()
    reset = ledger.reset()
    ledger.documents.faults.clear()
    assert reported["reported_count"] == len(stripe.events) == 4
    assert ledger.states() == {"reported": 4}
    assert reset["updated_count"] == len(ledger.counters()) == 4
    inner.close()


class Deadly(Stripe):
    """Kills whoever asks it to take an event, before it does, and the next one afterwards."""

    victims: list

    def respond(self, method, path, params, headers):
        if method == "POST" and len(self.posts) == 2:
            self.victims[-1].send_signal(signal.SIGKILL)
            self.victims[-1].wait()
        answer = super().respond(method, path, params, headers)
        if method == "POST" and len(self.posts) == 6:
            self.victims[-1].send_signal(signal.SIGKILL)
            self.victims[-1].wait()
        return answer


@pytest.mark.parametrize("turn", range(trials(1, 50)))
def test_a_process_that_is_killed_in_a_call_leaves_it_to_the_next(tmp_path, turn):
    """Twice: once before Stripe has the event, once when it has it and has not yet answered."""
    with Deadly() as stripe:
        stripe.victims = []
        stripe.meter("pages")
        env = {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_BASE_URL": stripe.url,
            "STRIPE_PER_SECOND": "200",
            "STRIPE_CONCURRENT": "2",
        }
        task = Task(tmp_path, ["stripe-usage-reconciliation", "--compare-hours", "0"], env)
        documents = open_documents(task.env["RUNJOBS_DOCUMENTS"])
        at = datetime.now(UTC) - timedelta(minutes=turn + 1)
        events = [
            event_data(
                tenant="", user="u", metric="pages", quantity=2, at=at,
                customer=f"cus_{number % 3}", event_name="pages",
            )
            for number in range(8)
        ]  # fmt: skip
        documents.commit([Create(USAGE_EVENTS, f"e{n}", each) for n, each in enumerate(events)])
        for _ in range(2):
            with task.start() as process:
                stripe.victims.append(process)
                assert process.wait(30) == -signal.SIGKILL
        code, said = task.finish()
        assert code == 0, said
        assert sorted(event.identifier for event in stripe.events) == [f"e{n}" for n in range(8)]
        found = documents.query(Query(USAGE_EVENTS))
        assert {each.data["state"] for each in found} == {"reported"}
        documents.close()
