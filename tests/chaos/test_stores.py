"""Rows 9, 10 and 11: the documents store fails, lies about it, or is away."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from common.runs import Outcome, State
from tests.chaos.counts import CHAOS, trials
from tests.chaos.world import World

FLAKY = {
    "9": {"kind": "flaky", "share": 0.3},
    "10": {"kind": "flaky", "share": 0.5, "only": "commit", "ways": ["lost"]},
}
SAID = {"9": "30 % of calls fail or are late", "10": "half of the commits' answers lost"}
FAILS = (0, 1, 2, 0)
"""How often each of a trial's runs fails before it succeeds."""


@pytest.fixture(params=["sqlite", "firestore"])
def backed(request, open_world) -> World:
    """A deployment on each store."""
    if request.param == "sqlite":
        return open_world()
    return open_world(documents=request.getfixturevalue("firestore_url"))


@pytest.mark.parametrize("row", FLAKY)
def test_on_a_failing_store_all_ends_as_it_would_on_a_sound_one(backed, row, reached):
    """Rows 9, 10: each process of the deployment has the failing store."""
    on_sqlite = backed.url.startswith("sqlite")
    count = trials(2, 100) if on_sqlite else trials(1, 10)
    backed.dispatcher.queues.choose("chaos", {"max_concurrent": 2})
    for seed in range(count):
        ids = backed.new_ids(len(FAILS))
        for id, fails in zip(ids, FAILS, strict=True):
            backed.submit([id], job="chaos-waits", params=json.dumps({"fails": fails}))
        work_off(backed, ids, {**FLAKY[row], "seed": seed})
        for id, fails in zip(ids, FAILS, strict=True):
            run = backed.runs.get(id)
            assert (run.state, run.failures, run.unclaimed) == (State.SUCCEEDED, fails, 0)
            outcomes = [attempt.outcome for attempt in run.attempts]
            assert outcomes == [Outcome.FAILED] * fails + [Outcome.SUCCEEDED]
            assert len(backed.effects("work", id)) == fails + 1
    store = "SQLite" if on_sqlite else "Firestore"
    reached(row, count * len(FAILS), f"runs, {SAID[row]}, {store}: all end right, none doubled")


def work_off(world: World, ids: list[str], store: dict) -> None:
    """Sweep and run what is started, until all runs have ended."""
    for _ in range(10):
        sweep = world.start("sweep", store=store)
        assert sweep.wait() == 0, sweep.text
        while new := world.platform.new():
            running = [(each, world.task(*each, store=store)) for each in new]
            for (execution, index), child in running:
                assert child.wait() in {0, 1}, child.text
                world.platform.end(execution["name"], index)
        if all(world.runs.get(id).state.ended for id in ids):
            return


AT_ONCE = 5


@pytest.mark.parametrize("lease", [2.0, *([60.0] if CHAOS >= 1 else [])])
def test_while_the_store_is_away_nothing_is_done_after_the_lease_and_then_it_goes_on(
    open_world,
    lease,
    reached,
):
    """Row 11."""
    world = open_world(lease=timedelta(seconds=lease))
    gate = world.folder / "away"
    store = {"kind": "gated", "gate": str(gate), "patience": 0.5}
    rounds = trials(1, 20) if lease < 60 else 1
    closest = lease
    for _ in range(rounds):
        ids = world.new_ids(AT_ONCE)
        world.submit(ids, job="chaos-beats")
        world.dispatcher.dispatch("chaos")
        running = [(each, world.task(*each, store=store)) for each in world.platform.new()]
        for id in ids:
            world.await_effect("beat", id)
        gate.touch()
        for (execution, index), child in running:
            child.wait(patience=lease + 30)
            world.platform.end(execution["name"], index)
        left = [spare(world, id) for id in ids]
        assert min(left) > 0
        closest = min(closest, *left)
        gate.unlink()
        for run in world.see_through(ids):
            assert json.loads(run.result) == {"went_on_from": {"by": 1}}
            assert [it.outcome for it in run.attempts] == [Outcome.LOST, Outcome.SUCCEEDED]
    reached(
        "11",
        rounds * AT_ONCE,
        f"runs, lease {lease:g} s: last effect {closest:.1f} s before its end; all went on",
    )


def spare(world: World, id: str) -> float:
    """Seconds from a run's last effect to its lease's end."""
    last = float(world.effects("beat", id)[-1][3])
    until: datetime = world.runs.get(id).lease_until
    return until.timestamp() - last
