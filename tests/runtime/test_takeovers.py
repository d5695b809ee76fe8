"""A run has one owner at a time, however its tasks die, double, pause or come back."""

from __future__ import annotations

import json
import signal
from contextlib import closing
from datetime import timedelta

import pytest

from common.backoff import tries
from common.clock import SYSTEM
from common.documents import open_documents
from common.runs import NotClaimable, Outcome, Runs, State, Worker

OTHER = Worker(execution=None, name="other")


@pytest.fixture
def later(tasks):
    """The same ledger, an hour later: every lease of now has run out."""
    hour = timedelta(hours=1)
    clock = type(SYSTEM)(now=lambda: SYSTEM.now() + hour)
    with closing(open_documents(tasks.documents.url, clock=clock)) as documents:
        yield Runs(documents)


def outcomes(run):
    return [attempt.outcome for attempt in run.attempts]


def test_a_task_killed_in_mid_work_is_taken_over_at_once_when_the_platform_tries_it_again(tasks):
    killed = tasks.start("trial-waits")
    killed.await_line()
    assert killed.end(signal.SIGKILL)[0] == -signal.SIGKILL
    again = tasks.start("trial-waits", CLOUD_RUN_TASK_ATTEMPT="1")
    assert again.await_line() == "ready 2\n"
    again.say("done")
    assert again.code() == 0
    run = tasks.only
    assert (run.state, run.failures) == (State.SUCCEEDED, 1)
    assert outcomes(run) == [Outcome.LOST, Outcome.SUCCEEDED]


def test_a_killed_tasks_children_end_with_it(tasks):
    task = tasks.start("trial-stubborn", "--how", "child")
    task.await_line()
    _, seconds = task.end(signal.SIGKILL)  # returns when the child, too, has let go of the output
    assert seconds < 5


@pytest.mark.parametrize("size", [2, 12])
def test_of_a_start_doubled_one_owns_the_run_and_the_others_end_well_without_effect(tasks, size):
    doubled = [tasks.start("trial-waits") for _ in range(size)]
    for task in doubled:
        task.say("go")
    assert [task.code() for task in doubled] == [0] * size
    assert sum("ready 1\n" in task.lines for task in doubled) == 1
    run = tasks.only
    assert (run.state, outcomes(run)) == (State.SUCCEEDED, [Outcome.SUCCEEDED])


def test_a_loser_ends_within_two_seconds_and_the_owner_goes_on(tasks):
    owner = tasks.start("trial-waits")
    owner.await_line()
    before = tasks.only
    loser = tasks.start("trial-waits")
    code, seconds = loser.end(signal.SIGCONT)
    assert (code, tasks.only.token) == (0, before.token)
    assert seconds < 2
    owner.say("done")
    assert owner.code() == 0


@pytest.mark.parametrize("how", ["", "checkpoint"])
def test_a_zombies_finish_and_checkpoint_are_refused_and_it_ends_without_fault(tasks, later, how):
    zombie = tasks.start("trial-waits", "--how", how)
    zombie.await_line()
    zombie.send(signal.SIGSTOP)
    theirs = later.claim(tasks.only.id, OTHER)
    zombie.send(signal.SIGCONT)
    zombie.say("too late")
    assert zombie.code() == 0
    assert "no longer this attempt's" in zombie.text
    run = tasks.only
    assert (run.token, run.state, run.checkpoint) == (theirs.token, State.RUNNING, None)
    assert outcomes(run) == [Outcome.LOST, None]


def test_a_task_that_slept_through_its_lease_ends_by_itself(tasks):
    zombie = tasks.start("trial-stubborn", "--how", "sleep", driver=True, TRIAL_LEASE="1")
    zombie.await_line()
    zombie.send(signal.SIGSTOP)
    theirs = claim_when_lost(tasks)
    zombie.send(signal.SIGCONT)
    assert zombie.code() == 0
    assert tasks.only.token == theirs.token


def claim_when_lost(tasks):
    for _ in tries(SYSTEM, patience=20, base=0.05, cap=0.05):
        try:
            return tasks.runs.claim(tasks.only.id, OTHER)
        except NotClaimable as error:
            failure = error
    raise failure


@pytest.mark.parametrize(("job", "code"), [("trial-counts", 1), ("trial-stubborn", 1)])
def test_a_running_job_that_is_cancelled_stops_within_a_heartbeat(tasks, job, code):
    options = ["--how", "swallow"] if job == "trial-stubborn" else []
    task = tasks.start(job, *options, driver=True, TRIAL_LEASE="2")
    task.await_line()
    tasks.runs.cancel(tasks.only.id)
    assert task.code() == code
    run = tasks.only
    assert (run.state, outcomes(run)) == (State.CANCELLED, [Outcome.CANCELLED])


def test_a_reserved_task_works_on_the_run_at_its_index(tasks):
    runs = [reserved_run(tasks, name) for name in ("a", "b")]
    (execution,) = tasks.runs.reserve(runs)
    task = tasks.run("trial-ends", RUNJOBS_EXECUTION=execution.id, CLOUD_RUN_TASK_INDEX="1")
    assert task.process.returncode == 0, task.text
    assert [tasks.runs.get(run.id).state for run in runs] == [State.STARTING, State.SUCCEEDED]
    assert json.loads(tasks.runs.get(runs[1].id).result) == {"fine": True}


@pytest.mark.parametrize("index", ["2", "0"])
def test_a_task_for_which_nothing_is_reserved_any_more_does_nothing(tasks, index):
    (execution,) = tasks.runs.reserve([reserved_run(tasks, "a"), reserved_run(tasks, "b")])
    tasks.runs.release(execution)
    tasks.runs.cancel("a")
    task = tasks.run("trial-ends", RUNJOBS_EXECUTION=execution.id, CLOUD_RUN_TASK_INDEX=index)
    assert task.process.returncode == 0
    assert [tasks.runs.get(id).attempts for id in ("a", "b")] == [(), ()]


def test_a_task_started_for_another_jobs_execution_says_so_and_takes_nothing(tasks):
    (execution,) = tasks.runs.reserve([reserved_run(tasks, "a")])
    task = tasks.run("noop", RUNJOBS_EXECUTION=execution.id)
    assert task.process.returncode == 1
    assert "is of trial-ends, but noop was started for it" in task.text
    assert tasks.runs.get("a").state is State.STARTING


def reserved_run(tasks, id):
    from common.runs import Run

    now = tasks.documents.now()
    return tasks.runs.submit(
        Run(id=id, job="trial-ends", queue="default", params="{}", created=now, due=now)
    )
