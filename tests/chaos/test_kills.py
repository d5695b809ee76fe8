"""Rows 1 and 2: killed before or after any call, a process loses nothing and doubles nothing."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from common.runs import Run
from tests.chaos.counts import CHAOS, trials
from tests.chaos.points import FEW_CALLS, MANY_CALLS
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


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_batch_whose_submitter_is_killed_is_completed_by_the_next_and_continued_once(
    world, when, reached
):
    """Rows 1, 2."""

    def met(at: int) -> bool:
        ids = world.new_ids(3)
        batch = f"b{ids[0]}"
        order = {"runs": ids, "batch": batch}
        child = world.start("batch", knife={"at": at, "when": when, "signal": "KILL"}, **order)
        child.wait()
        again = world.start("batch", **order)
        assert again.wait() == 0, again.text
        ended = world.see_through(ids)
        world.see_through([run.id for run in continued(world, batch)])
        (last,) = continued(world, batch)
        assert {(run.state, len(run.attempts)) for run in [*ended, last]} == {("succeeded", 1)}
        return bool(child.words)

    tried = at_each_point(met, trials(1, 50), stride=FEW_CALLS)
    reached("1", tried, f"submitter of a batch killed {when} each call: all there, continued once")


def continued(world: World, batch: str) -> list[Run]:
    """What was submitted because the batch had ended, by now."""
    world.dispatcher.sweep()
    return [run for run in world.runs.list(limit=10) if run.parent == batch]


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

    stride = MANY_CALLS if program == "task" else FEW_CALLS
    return at_each_point(met, times, stride=stride), how(found)
