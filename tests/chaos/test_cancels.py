"""Row 24: a run that is cancelled, at every step of its task and while it finishes."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta

import pytest

from common.runs import Run, State
from tests.chaos.counts import trials
from tests.chaos.trial import Trial, at_each_point, how

LEASE = 4.0
HEARTBEAT = LEASE / 4
SLACK = 0.5
"""Seconds for a beat's way to the store, and for a machine that is busy."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_cancelled_at_any_call_it_ends_once_and_as_it_was_said(world, vertex, when, reached):
    """Row 24."""
    found: Counter[str] = Counter()

    def met(at: int) -> bool:
        trial = Trial(world, vertex)
        child = trial.strike(at=at, when=when, signal="HOLD")
        if child.next() is None:
            trial.check_ends(trial.ids)
            return False
        said = {id: world.runs.cancel(id) for id in trial.ids}
        child.go()
        assert child.wait() in {0, 1}, child.text
        trial.ended()
        ended = trial.check_ends(trial.ids)
        for run in ended:
            if said[run.id].state.ended:
                assert end_of(run) == end_of(said[run.id])
            assert run.state in {State.CANCELLED, State.SUCCEEDED}
            found[str(run.state)] += 1
        return True

    tried = at_each_point(met, trials(1, 5))
    reached("24", tried, f"cancelled {when} each call: 1 end each; {how(found)}")


def end_of(run: Run) -> tuple:
    """All that may never change again: of what has ended only its bill does."""
    return run.state, run.result, run.ended, len(run.attempts)


def test_a_run_that_is_cancelled_while_it_finishes_ends_once(world, reached):
    """Row 24: whoever is first, by up to 30 ms."""
    found: Counter[str] = Counter()
    count = trials(20, 1000)
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - no secret
        (id,) = world.new_ids()
        world.submit([id], job="chaos-waits")
        world.dispatcher.dispatch("chaos")
        ((execution, _),) = world.platform.new()
        task = world.task(execution, wait=True)
        task.next()
        cancel = world.start("cancel", run=id, wait=True, delay=chance.random() * 0.03)
        cancel.next()
        task.go()
        cancel.go()
        assert task.wait() in {0, 1}, task.text
        assert cancel.wait() == 0, cancel.text
        world.platform.end(execution["name"])
        (run,) = world.see_through([id])
        found[str(run.state)] += 1
        said = State(cancel.words[-1])
        assert run.state is said or said is State.RUNNING
        assert (run.result is None) == (run.state is State.CANCELLED)
        assert len(run.attempts) <= 1
        world.dispatcher.sweep()
        assert world.runs.get(id).version == run.version
    reached("24", count, f"cancel against finish: 1 end each; {how(found)}")


def test_work_stops_within_a_heartbeat_of_being_cancelled(open_world, reached):
    """Row 24: and a little for its way."""
    world = open_world(lease=timedelta(seconds=LEASE))
    rounds, at_once = trials(1, 10), 5
    slowest = 0.0
    for _ in range(rounds):
        ids = world.new_ids(at_once)
        world.submit(ids, job="chaos-beats")
        world.dispatcher.dispatch("chaos")
        children = [(each, world.task(*each)) for each in world.platform.new()]
        for id in ids:
            world.await_effect("beat", id)
        began = time.time()
        for id in ids:
            world.runs.cancel(id)
        for (execution, index), child in children:
            assert child.wait() == 1, child.text
            world.platform.end(execution["name"], index)
        beats = [float(world.effects("beat", id)[-1][3]) for id in ids]
        slowest = max(slowest, max(beats) - began)
        assert {world.runs.get(id).state for id in ids} == {State.CANCELLED}
    assert slowest <= HEARTBEAT + SLACK
    reached("24", rounds * at_once, f"last effect {slowest:.2f} s after; heartbeat {HEARTBEAT:g} s")
