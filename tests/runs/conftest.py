from __future__ import annotations

import pytest

from common.runs import Run, Schedule
from tests.runs.firing import HOURLY, NOON, Ledger
from tests.runs.within import begun


@pytest.fixture
def outer(runs, batches) -> Run:
    """The only run of a batch that something follows, at work."""
    return begun(runs, batches)


@pytest.fixture
def ledger(documents, time) -> Ledger:
    assert time.now() == NOON
    return Ledger(documents, time)


@pytest.fixture
def noted(ledger) -> Ledger:
    """One in which the hourly job is noted."""
    ledger.firings.note("tidy", Schedule(HOURLY))
    return ledger
