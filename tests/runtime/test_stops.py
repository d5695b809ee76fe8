"""A task that is told to end gives its run back in time, whatever its job does."""

from __future__ import annotations

import json
import signal
import time

import pytest

from common.runs import Outcome, State

IN_TIME = 8.0
"""Seconds from SIGTERM in which a task must have ended; SIGKILL comes after ten."""


def assert_given_back(tasks, code):
    run = tasks.only
    assert (code, run.state, run.failures) == (143, State.PENDING, 0)
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.INTERRUPTED]
    assert run.due == run.attempts[0].ended


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_job_that_notices_ends_at_once_and_the_next_goes_on_from_its_checkpoint(tasks, number):
    task = tasks.start("trial-counts")
    task.await_line()
    code, seconds = task.end(number)
    assert_given_back(tasks, code)
    assert seconds < 2
    assert tasks.run("trial-counts", CLOUD_RUN_TASK_ATTEMPT="1").process.returncode == 0
    run = tasks.only
    assert (run.state, json.loads(run.result)) == (State.SUCCEEDED, {"went_on_from": 7})
    assert [attempt.number for attempt in run.attempts] == [1, 2]


def test_a_job_that_was_told_has_three_seconds_to_clean_up(tasks):
    task = tasks.start("trial-counts", "--cleanup", "2.7")
    task.await_line()
    code, seconds = task.end()
    assert_given_back(tasks, code)
    assert json.loads(tasks.only.checkpoint) == {"n": 7}
    assert 2.7 < seconds < IN_TIME


def test_a_second_signal_changes_nothing(tasks):
    task = tasks.start("trial-counts", "--cleanup", "0.5")
    task.await_line()
    task.send(signal.SIGTERM)
    task.send(signal.SIGINT)
    code, _ = task.end()
    assert_given_back(tasks, code)


STUBBORN = ["sleep", "spin", "swallow", "in-c", "child", "pool", "thread"]


def test_jobs_that_do_not_notice_are_ended_with_their_children_and_burn_no_attempt(tasks):
    """All at once, because each takes seconds; the last of them must be in time, too."""
    started = {how: start_stubborn(tasks, how) for how in STUBBORN}
    assert not [how for how, task in started.items() if "False" in task.await_line()]
    began = time.monotonic()
    for task in started.values():
        task.send(signal.SIGTERM)
    assert {how: task.code() for how, task in started.items()} == dict.fromkeys(STUBBORN, 143)
    assert time.monotonic() - began < IN_TIME
    runs = {json.loads(run.params)["how"]: run for run in tasks.runs.list()}
    assert {how: run.failures for how, run in runs.items()} == dict.fromkeys(STUBBORN, 0)
    assert {run.attempts[0].outcome for run in runs.values()} == {Outcome.INTERRUPTED}
    again = {how: start_stubborn(tasks, how) for how in STUBBORN}
    assert {how: task.code() for how, task in again.items()} == dict.fromkeys(STUBBORN, 0)
    results = [json.loads(run.result)["how"] for run in tasks.runs.list()]
    assert sorted(results) == sorted(STUBBORN)


def test_a_store_that_never_answers_does_not_keep_the_process(tasks):
    task = start_stubborn(tasks, "hang")
    task.await_line()
    code, seconds = task.end()
    assert code == 143
    assert 6 < seconds < 9.5
    assert tasks.only.state is State.RUNNING  # until its lease ends


def start_stubborn(tasks, how):
    return tasks.start("trial-stubborn", "--how", how, CLOUD_RUN_EXECUTION=f"x-{how}")


def test_a_signal_between_claim_and_work_gives_the_run_back(tasks):
    task = tasks.start("trial-counts", driver=True, TRIAL_TOLD="1")
    assert_given_back(tasks, task.code())
    assert "ready\n" not in task.lines


def test_a_signal_at_the_jobs_timeout_is_a_failure_not_an_interruption(tasks):
    task = tasks.start("trial-brief")
    task.await_line()
    told, _ = task.end()
    run = tasks.only
    assert (told, run.state, run.failures) == (1, State.PENDING, 1)
    (attempt,) = run.attempts
    assert attempt.outcome is Outcome.FAILED
    assert (attempt.error.type, attempt.error.message) == (
        "TimeoutError",
        "Not finished within 2 s.",
    )


def test_a_run_ends_at_its_jobs_timeout_also_where_the_task_may_go_on(tasks):
    """As it may where tasks take one run after another."""
    code = tasks.start("trial-brief").code()
    assert (code, tasks.only.state, tasks.only.failures) == (1, State.PENDING, 1)
    assert tasks.only.attempts[0].error.type == "TimeoutError"
