"""Emptying a queue: all that waits is cancelled, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.runs import Batch, Batches, Run, Runs, State, Then, Worker
from common.runs.ledger import RUNS
from common.runs.purging import purge


@pytest.fixture
def runs(documents) -> Runs:
    return Runs(documents)


def new(runs, id, *, queue="q", due=0.0, **more) -> Run:
    now = runs.documents.now()
    at = now + timedelta(seconds=due)
    return Run(
        id=id, job="noop", queue=queue, params="{}", created=now, due=at, ready=not due, **more
    )


def states(runs) -> dict[str, State]:
    return {run.id: run.state for run in runs.list()}


def test_what_is_due_and_what_is_due_later_is_cancelled_and_other_queues_are_left(runs):
    runs.submit(new(runs, "ready"))
    runs.submit(new(runs, "later", due=3600))
    runs.submit(new(runs, "other", queue="q2"))
    assert purge(runs, "q").cancelled == 2
    cancelled = State.CANCELLED
    assert states(runs) == {"ready": cancelled, "later": cancelled, "other": State.PENDING}
    assert purge(runs, "q").cancelled == 0


def test_what_is_starting_or_running_goes_on(runs):
    for id in ("waiting", "starting", "running"):
        runs.submit(new(runs, id))
    runs.reserve([runs.get("starting")])
    runs.claim("running", Worker(name="w"))
    assert purge(runs, "q").cancelled == 1
    assert states(runs) == {
        "waiting": State.CANCELLED,
        "starting": State.STARTING,
        "running": State.RUNNING,
    }
    assert runs.get("running").cancel_requested is None


def test_many_are_cancelled_in_a_few_commits(runs, monkeypatch):
    for _ in runs.submit_many([new(runs, f"r{number}") for number in range(1001)]):
        pass
    commits, commit = [], runs.documents.commit
    monkeypatch.setattr(
        runs.documents, "commit", lambda writes: commits.append(len(writes)) or commit(writes)
    )
    assert purge(runs, "q").cancelled == 1001
    assert commits == [200, 200, 200, 200, 200, 1]


def test_a_run_that_is_taken_at_that_moment_goes_on_and_the_others_do_not(runs, monkeypatch):
    for id in ("a", "b", "c"):
        runs.submit(new(runs, id))
    commit_all, taken = runs.commit_all, []

    def racing(steps, **more):
        if not taken:
            taken.append("b")
            runs.claim("b", Worker(name="w"))
        return commit_all(steps, **more)

    # The claim is a commit of its own, and comes before that of the page.
    monkeypatch.setattr(runs, "commit_all", racing)
    assert purge(runs, "q").cancelled == 2
    assert states(runs)["b"] is State.RUNNING


def test_a_run_of_a_newer_schema_is_left_alone_and_keeps_none_from_being_purged(runs):
    for number in range(201):
        runs.submit(new(runs, f"r{number:03}"))
    runs.documents.update(RUNS, "r000", lambda _: {"schema": 99})
    assert purge(runs, "q").cancelled == 200
    assert runs.documents.get(RUNS, "r000").data["state"] == "pending"


def test_a_batch_all_of_which_is_purged_is_continued(runs):
    batch = Batch(
        id="b",
        total=2,
        created=runs.documents.now(),
        then=Then(job="noop", queue="q2"),
        open=True,
    )
    Batches(runs).begin(batch)
    for id in ("a", "c"):
        runs.submit(new(runs, id, batch="b", awaited=True))
    Batches(runs).seal("b")
    (continued,) = purge(runs, "q").continued
    assert (continued.queue, continued.parent, continued.state) == ("q2", "b", State.PENDING)
    assert purge(runs, "q").continued == ()
