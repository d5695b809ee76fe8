"""Rows 1 and 2: killed before or after any call, a process loses nothing and doubles nothing."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from tests.chaos.counts import trials
from tests.chaos.trial import Trial, at_each_point, how


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("program", ["task", "submit", "dispatch", "sweep"])
def test_killed_at_any_call_nothing_is_lost_stuck_or_doubled(world, vertex, program, when, reached):
    """Rows 1, 2."""
    found: Counter[str] = Counter()

    def met(at: int) -> bool:
        trial = Trial(world, vertex, program)
        child = trial.strike(at=at, when=when, signal="KILL")
        code = child.wait()
        assert code == (-signal.SIGKILL if child.words else 0), child.text
        trial.ended()
        for run in trial.check():
            found[run.error.type if run.error else str(run.state)] += 1
        return bool(child.words)

    tried = at_each_point(met, trials(1, 50))
    reached("1", tried, f"{program} killed {when} each call: 0 lost, stuck, doubled; {how(found)}")
