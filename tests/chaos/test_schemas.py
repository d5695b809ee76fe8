"""Row 25: old code reads what newer code wrote, and the other way round."""

from __future__ import annotations

import json
import signal
from dataclasses import MISSING, fields

import pytest

from common.documents import Create
from common.runs import NewerSchema, Run, State
from common.runs.records import SCHEMA
from tests.chaos.counts import trials
from tests.chaos.world import World

STRANGE = {"colour": "red", "shape": {"sides": [{"of": 4}], "named": None}}
"""Fields of a run's document that no code here knows."""
STATES = ["pending", "starting", "running", "failed"]


def bring_to(world: World, id: str, state: str) -> None:
    """Have a run come so far by itself; what is newer is only then written."""
    fails = 9 if state == "failed" else 0
    params = json.dumps({"fails": fails, "seconds": 60 if state == "running" else 0})
    world.submit([id], job="chaos-waits", params=params, max_attempts=1)
    if state != "pending":
        world.dispatcher.dispatch("chaos")
    if state == "running":
        ((execution, _),) = world.platform.new()
        child = world.task(execution)
        world.await_effect("work", id)
        child.send(signal.SIGKILL)
        child.wait()
        world.platform.end(execution["name"])
    elif state == "failed":
        world.run_tasks()
    assert world.runs.get(id).state == state


@pytest.mark.parametrize("state", STATES)
def test_a_run_of_a_later_schema_is_left_alone_by_all_and_keeps_nobody_waiting(
    world,
    state,
    reached,
):
    """Row 25: by dispatchers, tasks, sweeps and people."""
    count = trials(1, 20)
    for _ in range(count):
        newer, ours = world.new_ids(2)
        bring_to(world, newer, state)
        world.documents.update("runs", newer, lambda _: {"schema": SCHEMA + 1, **STRANGE})
        before = world.documents.get("runs", newer)
        world.submit([ours], job="chaos-waits")
        (run,) = world.see_through([ours])
        assert run.state is State.SUCCEEDED
        assert world.documents.get("runs", newer) == before
        assert newer not in {run.id for run in world.runs.list()}
        for call in (world.runs.get, world.runs.cancel, world.runs.replay):
            with pytest.raises(NewerSchema, match="upgrade this one"):
                call(newer)
        assert world.documents.get("runs", newer) == before
    reached("25", count, f"{state} runs of a later schema: left alone, others went on")


def test_fields_that_are_not_known_here_outlive_a_runs_whole_life(world, reached):
    """Row 25: through failing, replay, retries, interruption by a kill, and success."""
    count = trials(1, 20)
    for _ in range(count):
        (id,) = world.new_ids()
        world.submit([id], job="chaos-waits", params='{"fails": 1}', max_attempts=1)
        world.documents.update("runs", id, lambda _: STRANGE)
        (failed,) = world.see_through([id])
        assert failed.state is State.FAILED
        world.runs.replay(id)
        (run,) = world.see_through([id])
        assert (run.state, len(run.attempts)) == (State.SUCCEEDED, 2)
        data = world.documents.get("runs", id).data
        assert {name: data[name] for name in STRANGE} == STRANGE
    reached("25", count, "lives of runs with unknown fields: all kept")


def test_a_run_that_lacks_all_that_may_be_missing_is_read_and_ends(world, reached):
    """Row 25, the reverse: code before the newest fields left them out."""
    count = trials(1, 20)
    for _ in range(count):
        (id,) = world.new_ids()
        now = world.documents.now()
        data = {"job": "chaos-waits", "queue": "chaos", "params": "{}", "created": now, "due": now}
        assert set(data) == {it.name for it in fields(Run) if it.default is MISSING} - {"id"}
        # What the queue's index is made of has been written since there are queues.
        order = {"place": "chaos ready", "priority": 2, "tenant": ""}
        world.documents.commit([Create("runs", id, {**data, **order})])
        (run,) = world.see_through([id])
        assert run.state is State.SUCCEEDED
    reached("25", count, "runs without any optional field: read, and succeeded")
