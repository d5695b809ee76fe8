"""Row 12: containers whose clocks go wrong by ten minutes."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from common.backoff import tries
from common.clock import SYSTEM
from common.runs import Outcome
from tests.chaos.counts import trials
from tests.chaos.world import World

WRONG = 600.0


@pytest.mark.parametrize(("owner", "thieves"), [(WRONG, -WRONG), (-WRONG, WRONG)])
def test_a_wrong_clock_neither_takes_a_run_too_early_nor_keeps_it(
    open_world,
    firestore_url,
    owner,
    thieves,
    reached,
):
    """Row 12, on Firestore, whose time is not the containers'."""
    world = open_world(documents=firestore_url, lease=timedelta(seconds=4))
    rounds, at_once = trials(1, 10), trials(1, 5)
    world.dispatcher.queues.choose("chaos", {"max_concurrent": at_once})
    for _ in range(rounds):
        ids = world.new_ids(at_once)
        world.submit(ids, job="chaos-beats")
        world.dispatcher.dispatch("chaos")
        new = world.platform.new()
        owners = [world.task(*each, skew=owner) for each in new]
        for id in ids:
            world.await_effect("beat", id)
        before = {id: world.runs.get(id).token for id in ids}
        loot = [world.task(*each, skew=thieves) for each in new]
        for thief in [*loot, world.start("sweep", skew=thieves)]:
            assert thief.wait() == 0, thief.text
        assert {id: world.runs.get(id).token for id in ids} == before
        for child in owners:
            child.send(signal.SIGKILL)
            child.wait()
        steal_when_lost(world, ids, thieves)
    what = f"owners {owner:+g} s, thieves {thieves:+g} s: 0 early steals, 0 kept"
    reached("12", rounds * at_once, what)


def steal_when_lost(world: World, ids: list[str], thieves: float) -> None:
    """Sweep until the dead owners' runs are taken: none before its lease ends by server time."""
    until = {id: world.runs.get(id).lease_until for id in ids}
    for _ in tries(SYSTEM, patience=30, base=0.3, cap=0.3):
        assert world.start("sweep", skew=thieves).wait() == 0
        attempts = {id: world.runs.get(id).attempts[0] for id in ids}
        if all(attempt.outcome for attempt in attempts.values()):
            break
    for id, attempt in attempts.items():
        assert attempt.outcome is Outcome.LOST
        assert until[id] <= attempt.ended < until[id] + timedelta(seconds=10)
        world.runs.cancel(id)
    world.platform.new()
