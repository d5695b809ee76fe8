"""Row 23: very many runs at once, several dispatchers, and tasks that drain."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import pytest

from common.runs import Run, State
from tests.chaos.counts import trials
from tests.chaos.laptop import environment
from tests.chaos.world import World, chaos_run

LIMIT = 3
DISPATCHERS = 3
SMALL = 4
"""Tenants with a tenth of the runs each; one more has the rest, and was first."""


@pytest.fixture
def machine(open_world, monkeypatch) -> World:
    """A deployment with the real local executor, which would run more at once than may be."""
    world = open_world(RUNJOBS_PARALLELISM="8")
    world.more |= {"PYTHONPATH": environment(world.folder)["PYTHONPATH"]}
    for name in [name for name in os.environ if name.startswith("CLOUD_RUN_")]:
        monkeypatch.delenv(name)
    return world


@pytest.mark.parametrize(
    ("job", "count"),
    [("chaos-waits", trials(500, 10_000)), ("chaos-brief", trials(200, 1_000))],
    ids=["few containers", "many containers"],
)
def test_of_very_many_runs_none_is_lost_or_doubled_limits_hold_and_tenants_are_fair(
    machine,
    job,
    count,
    reached,
):
    """Row 23: drained by a few containers, and by many one after the other."""
    runs = flood(machine, job, count)
    machine.dispatcher.queues.choose("chaos", {"max_concurrent": LIMIT})
    serve = {"queue": "chaos", "every": 0.05, "platform": False}
    dispatchers = [machine.start("serve", **serve) for _ in range(DISPATCHERS)]
    for dispatcher in dispatchers:
        assert dispatcher.wait(patience=600) == 0, dispatcher.text
    ended = [machine.runs.get(run.id) for run in runs]
    assert Counter(run.state for run in ended) == {State.SUCCEEDED: count}
    assert {len(run.attempts) for run in ended} == {1}
    lines = machine.effects_file.read_text().splitlines()
    assert Counter(lines) == {f"work {run.id} 1": 1 for run in runs}
    most = most_at_once(ended)
    assert most <= LIMIT
    low, high = shares(ended)
    assert 0.12 < low <= high < 0.3, "A fifth each, give or take what chance does to few."
    executions = len({run.attempts[0].worker.name for run in ended})
    reached(
        "23",
        count,
        f"runs, {executions} executions by {DISPATCHERS} dispatchers and the tasks: 0 lost, 0 "
        f"doubled; at most {most} of {LIMIT} at once; tenants' shares {low:.1%} to {high:.1%}",
    )


def flood(machine: World, job: str, count: int) -> list[Run]:
    """Submit them, all those of the biggest tenant first."""
    part, now = count // 10, machine.documents.now()
    tenants = ["big"] * (count - SMALL * part)
    tenants += [f"small{number}" for number in range(SMALL) for _ in range(part)]
    runs = [
        chaos_run(
            f"r{number}",
            now + timedelta(microseconds=number),
            job=job,
            tenant=tenant,
            follows=None,
        )
        for number, tenant in enumerate(tenants)
    ]
    return [run for part in machine.runs.submit_many(runs) for run in part]


def most_at_once(ended: list[Run]) -> int:
    """The most that held a slot together: from being reserved, or claimed, to the end."""
    attempts = [run.attempts[0] for run in ended]
    moments = [(attempt.reserved or attempt.started, 1) for attempt in attempts]
    moments += [(attempt.ended, -1) for attempt in attempts]
    held = most = 0
    for _, change in sorted(moments):
        held += change
        most = max(most, held)
    return most


def shares(ended: list[Run]) -> tuple[float, float]:
    """The least and the greatest tenant's share of what began while all had runs waiting."""
    in_order = sorted(ended, key=lambda run: run.attempts[0].reserved or run.attempts[0].started)
    first = in_order[: len(in_order) * 4 // 10]
    begun = Counter(run.tenant for run in first)
    assert len(begun) == SMALL + 1
    return min(begun.values()) / len(first), max(begun.values()) / len(first)
