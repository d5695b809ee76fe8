"""Rows 13 and 14: a process that was stopped for longer than its lease does no harm afterwards."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from common.runs import Run
from tests.chaos.counts import trials
from tests.chaos.trial import Trial, at_each_point

LEASES = 2.0
"""So many leases go by while it stands still."""


def snapshot(trial: Trial) -> dict[str, object]:
    """Each document and blob of the runs, as it is now."""
    world = trial.world
    documents = {id: world.documents.get("creations", id).version for id in trial.ids}
    runs = {("run", id): unbilled(world.runs.get(id)) for id in trial.ids}
    blobs = {blob.path: blob.etag for id in trial.ids for blob in world.blobs.list(f"runs/{id}/")}
    return {**documents, **runs, **blobs}


def unbilled(run: Run) -> Run:
    """All but the bill: a task that has ended its runs writes it, where nobody wrote since."""
    attempts = tuple(replace(it, vcpu_seconds=None, gib_seconds=None) for it in run.attempts)
    return replace(run, attempts=attempts, version="")


@pytest.mark.parametrize("when", ["before", "after"])
def test_stopped_at_any_call_it_writes_nothing_once_others_have_finished(
    world,
    vertex,
    when,
    reached,
):
    """Rows 13, 14: it does not even know that time went by; all that stops it is its token."""
    blobs = 0

    def met(at: int) -> bool:
        nonlocal blobs
        trial = Trial(world, vertex)
        zombie = trial.strike(at=at, when=when, signal="HOLD")
        if zombie.next() is None:
            return False
        zombie.send(signal.SIGSTOP)
        world.time.advance(LEASES * world.lease.total_seconds())
        trial.check_ends(trial.ids)
        before = snapshot(trial)
        zombie.send(signal.SIGCONT)
        zombie.go()
        assert zombie.wait() == 0, zombie.text
        assert len(vertex.creates) <= len(trial.ids)
        after = snapshot(trial)
        assert {name: after[name] for name in before} == before
        blobs += len(after) - len(before)
        return True

    tried = at_each_point(met, trials(1, 12))
    reached("13", tried, f"stopped {when} each call: 0 writes, all exit 0")
    reached("14", blobs, f"late blobs, stopped {when} each call: 0 overwrites, none published")
