"""The bill of all runs of a task is what the platform bills: its seconds, at least a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.ids import random_id
from common.runs import Worker, transitions
from common.runs.billing import MINIMUM, Resources, billed, task_seconds
from common.runtime import shift as shifts
from common.runtime.declare import job
from common.runtime.shift import Shift
from common.runtime.signals import Signals
from common.services import Services
from tests.dispatch.backends import settings as settings_of
from tests.runs.making import claimed, made
from tests.runs.making import given as submitted

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LARGE = Resources(vcpu=2, gib=0.5)


@given(st.lists(st.floats(0, 10_000), max_size=9))
def test_a_task_costs_its_runs_and_at_least_a_minute(seconds):
    assert task_seconds(seconds) == max(60.0, sum(seconds))


def test_a_dollar_is_what_the_price_list_says_of_it():
    """An hour of one vCPU and one GiB: 6.48 and 0.72 cents."""
    assert Resources(vcpu=1, gib=1).cost(3600) == pytest.approx(0.0648 + 0.0072)


def test_a_bill_goes_to_the_last_attempt_and_adds_up():
    run = made(NOON)
    assert billed(run, 9.0, LARGE) is run
    for token in ("t1", "t2"):
        run = transitions.claim(
            run,
            token=token,
            worker=Worker(name="noop-1"),
            now=NOON,
            lease=timedelta(seconds=60),
        )
        run = transitions.give_back(run, token=token, now=NOON)
    run = billed(billed(run, 9.0, LARGE), 1.0, LARGE)
    assert [it.vcpu_seconds for it in run.attempts] == [None, 20.0]
    assert [it.gib_seconds for it in run.attempts] == [None, 5.0]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seconds=st.lists(st.floats(0, 90), min_size=1, max_size=12),
    early=st.floats(0, 5),
)
def test_however_long_its_runs_last_their_bills_come_to_the_tasks(
    tmp_path, monkeypatch, seconds, early
):
    """A task drains runs that last so long; it began a little before the first of them."""
    clock = SimpleNamespace(elapsed=early)
    monkeypatch.setattr(shifts, "time", SimpleNamespace(monotonic=lambda: clock.elapsed))
    monkeypatch.setattr(shifts, "_memory", lambda: 0.1)  # the tests' own process may have a lot
    lasting = iter(seconds)

    @job("billed", cpu=2, memory="512Mi", drain=timedelta(hours=1), timeout=timedelta(hours=1))
    def billed_job(_run):
        clock.elapsed += next(lasting)

    services = Services(settings_of(tmp_path / random_id()))
    runs, now = services.runs, services.documents.now()
    found = submitted(runs, [made(now, job="billed") for _ in seconds])
    worker = Worker(execution=None, name="billed-1")
    with Signals() as signals:
        shift = Shift(billed_job, services, worker, signals, began=0.0)
        assert shift.work(claimed(runs, runs.get(found[0].id), worker)) == 0
    attempts = [attempt for run in runs.list() for attempt in run.attempts]
    services.close()
    assert len(attempts) == len(seconds)
    total = max(MINIMUM, early + sum(seconds))
    assert sum(it.vcpu_seconds for it in attempts) == pytest.approx(2 * total, abs=0.05)
    assert sum(it.gib_seconds for it in attempts) == pytest.approx(0.5 * total, abs=0.05)
