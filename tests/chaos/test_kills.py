"""Rows 1 and 2: killed before or after any call, a process loses nothing and doubles nothing."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from tests.chaos.counts import CHAOS, trials
from tests.chaos.trial import Trial, at_each_point, how
from tests.chaos.world import World
from tests.services.vertex import Vertex


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("program", ["task", "submit", "dispatch", "sweep"])
def test_killed_at_any_call_nothing_is_lost_stuck_or_doubled(world, vertex, program, when, reached):
    """Rows 1, 2."""
    tried, ends = kill_at_each_call(world, vertex, program, when, trials(1, 50))
    reached("1", tried, f"{program} killed {when} each call: 0 lost, stuck, doubled; {ends}")


@pytest.mark.parametrize("when", ["before", "after"] if CHAOS else ["after"])
def test_killed_at_any_call_the_same_holds_on_firestore(
    open_world, firestore_url, vertex, when, reached
):
    """Rows 1, 2: once each, for its emulator is slow, and the code is the same."""
    world = open_world(documents=firestore_url)
    tried, ends = kill_at_each_call(world, vertex, "task", when, 1)
    what = f"task killed {when} each call, Firestore: 0 lost, stuck, doubled; {ends}"
    reached("1", tried, what)


def kill_at_each_call(
    world: World, vertex: Vertex, program: str, when: str, times: int
) -> tuple[int, str]:
    """Returns how many were killed, and how their runs ended."""
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

    return at_each_point(met, times), how(found)
