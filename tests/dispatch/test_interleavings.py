"""Limits and liveness under every interleaving that hypothesis can think of."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from common.documents import open_documents
from tests.chaos.counts import trials
from tests.dispatch.machine import TALLY, Crew

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_the_queues_limits_hold_at_every_moment_and_every_run_comes_to_its_end(tmp_path):
    """Many histories of up to 40 acts each."""
    numbers, opened = itertools.count(), []

    def open_store(**options):
        for store in opened:
            store.close()
        opened[:] = [open_documents(f"sqlite:///{tmp_path}/{next(numbers)}.sqlite3", **options)]
        return opened[0]

    run_state_machine_as_test(
        type("CrewOnAStore", (Crew,), {"open_store": staticmethod(open_store)}),
        settings=settings(
            max_examples=trials(40, 400),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=QUIET,
            phases=[Phase.explicit, Phase.generate],
        ),
    )
    opened[0].close()
    for what in ("started", "drained", "held", "left"):
        assert TALLY[what] > 10, TALLY
    assert TALLY["rescued"] > trials(0, 10), TALLY  # which few histories come to
