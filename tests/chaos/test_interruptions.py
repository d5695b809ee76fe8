"""Row 3: SIGTERM at any call ends a task in time, and burns no attempt."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest

from common.runs import Outcome, State
from tests.chaos.counts import trials
from tests.chaos.trial import Trial, at_each_point, how

IN_TIME = 8.0
"""Seconds from SIGTERM in which a task must have ended; SIGKILL comes after ten."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_told_to_end_at_any_call_it_gives_back_what_it_has(world, vertex, when, reached):
    """Row 3: with no lease to wait for, no attempt burned and nothing ordered twice."""
    found: Counter[str] = Counter()
    slowest = 0.0

    def met(at: int) -> bool:
        nonlocal slowest
        trial = Trial(world, vertex)
        child = trial.strike(at=at, when=when, signal="TERM")
        is_met = child.next() is not None
        began = time.monotonic()
        assert child.wait() in {0, 143, -signal.SIGTERM}, child.text
        slowest = max(slowest, time.monotonic() - began)
        trial.ended()
        left = [world.runs.get(id) for id in trial.ids]
        assert {run.state for run in left} <= {State.PENDING, State.STARTING, State.SUCCEEDED}
        for run in trial.check_ends(trial.ids):
            assert (run.state, run.failures) == (State.SUCCEEDED, 0)
            found.update(attempt.outcome for attempt in run.attempts)
        return is_met

    tried = at_each_point(met, trials(1, 5))
    assert slowest < IN_TIME
    assert found[Outcome.INTERRUPTED]
    reached("3", tried, f"told {when} each call: gone in {slowest:.1f} s at most; {how(found)}")
