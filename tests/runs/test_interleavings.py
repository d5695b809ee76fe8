"""The state machine under every interleaving that hypothesis can think of."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from common.documents import open_documents
from tests.chaos.counts import trials
from tests.runs.acts import TALLY
from tests.runs.machine import Ledger

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def machine(open_store):
    return type("LedgerOnAStore", (Ledger,), {"open_store": staticmethod(open_store)})


def test_no_double_owner_no_lost_run_and_no_way_out_of_a_terminal_state_on_sqlite(tmp_path):
    """Many histories of up to 40 acts each."""
    numbers = itertools.count()
    opened = []

    def open_store(**options):
        for store in opened:
            store.close()
        opened[:] = [open_documents(f"sqlite:///{tmp_path}/{next(numbers)}.sqlite3", **options)]
        return opened[0]

    for _ in range(5):  # histories resemble one another: some sets have hardly any of a kind
        TALLY.clear()
        run_state_machine_as_test(
            machine(open_store),
            settings=settings(
                max_examples=trials(100, 1_000),
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=QUIET,
            ),
        )
        if TALLY["own"] > 130 and TALLY["stale"] > 5:
            break
    opened[0].close()
    assert TALLY["own"] > 130, TALLY
    assert TALLY["stale"] > 5, TALLY


def test_the_same_holds_on_firestore(firestore_url):
    """10 histories of up to 25 acts each: the emulator is slow, and the code is the same."""
    opened = []

    def open_store(**options):
        if not opened:
            opened.append(open_documents(firestore_url))
        opened[0]._clock = options["clock"]
        opened[0]._now = options["clock"].now
        return opened[0]

    run_state_machine_as_test(
        machine(open_store),
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=QUIET,
            phases=[Phase.explicit, Phase.generate],
        ),
    )
    opened[0].close()
