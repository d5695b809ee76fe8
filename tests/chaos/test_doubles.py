"""Row 5: the same start, or wake-up, delivered many times at once."""

from __future__ import annotations

import json
import time
from itertools import cycle, islice

from common.runs import Outcome, State
from tests.chaos.counts import trials

SIZES = (2, 3, 25, 5, 2, 10, 3, 2, 2, 50)
"""How many at once, trial after trial."""
IN_TIME = 2.0
"""Seconds in which a loser must have ended, its owner with it, as this one has nothing to do."""
FEW = 3
"""More than so many wait for a processor here, as they would not in containers of their own."""


def released(begin, size: int) -> list:
    """So many processes, which all wait at one line and are let go together."""
    children = [begin() for _ in range(size)]
    for child in children:
        assert child.next() == "waits", child.text
    for child in children:
        child.go()
    return children


def test_of_a_start_delivered_many_times_at_once_one_owns_the_run(world, reached):
    """Row 5, starts."""
    processes, slowest, count = 0, 0.0, trials(4, 1000)
    for size in islice(cycle(SIZES), count):
        (id,) = world.new_ids()
        world.submit([id], job="chaos-waits")
        world.dispatcher.dispatch("chaos")
        ((execution, _),) = world.platform.new()
        began = time.monotonic()
        children = released(lambda one=execution: world.task(one, wait=True), size)
        assert {child.wait() for child in children} == {0}
        if size <= FEW:
            slowest = max(slowest, time.monotonic() - began)
        assert sum("The run succeeded" in child.text for child in children) == 1
        assert len(world.effects("work", id)) == 1
        run = world.runs.get(id)
        assert (run.state, len(run.attempts)) == (State.SUCCEEDED, 1)
        assert run.attempts[0].outcome is Outcome.SUCCEEDED
        processes += size
        world.effects_file.write_text("")
    assert slowest < IN_TIME
    reached(
        "5",
        count,
        f"starts, {processes:,} processes: 1 owner each, all exit 0 in {slowest:.1f} s",
    )


def test_of_a_wakeup_delivered_many_times_at_once_one_execution_is_started(world, reached):
    """Row 5, wake-ups."""
    processes, count = 0, trials(4, 1000)
    for size in islice(cycle(SIZES), count):
        (id,) = world.new_ids()
        world.submit([id], job="chaos-waits")
        wake = lambda: world.start("dispatch", queue="chaos", wait=True)  # noqa: E731
        children = released(wake, size)
        assert {child.wait() for child in children} == {0}
        said = [json.loads(child.text) for child in children]
        assert sorted(map(len, said)) == [0] * (size - 1) + [1]
        ((execution, _),) = world.platform.new()
        assert world.runs.get(id).execution == execution["execution"]
        world.runs.cancel(id)
        processes += size
    reached("5", count, f"wake-ups, {processes:,} processes: 1 execution each")
