"""However a job's function ends, the ledger says so and the exit code agrees."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from common.runs import Outcome, State

FAILED_AGAIN = [
    ("exit-0", "SystemExit"),
    ("exit-3", "SystemExit"),
    ("error", "ValueError"),
    ("mute", "Mute"),
    ("rude", "Rude"),
    ("keyboard", "KeyboardInterrupt"),
    ("memory", "MemoryError"),
    ("recursion", "RecursionError"),
    ("surrogate", "OSError"),
    ("long", "ValueError"),
]
FAILED_FOR_GOOD = [
    ("permanent", "Permanent"),
    ("invalid", "InvalidInput"),
    ("nan", "InvalidInput"),
    ("object", "InvalidInput"),
    ("large", "TooLarge"),
    ("deep", "InvalidInput"),
]


@pytest.mark.parametrize(
    ("how", "result"), [("", {"fine": True}), ("nothing", None), ("prints", None)]
)
def test_what_a_function_returns_is_the_result_and_the_exit_code_is_0(tasks, how, result):
    task = tasks.run("trial-ends", "--how", how)
    assert task.process.returncode == 0, task.text
    run = tasks.only
    assert (run.state, json.loads(run.result)) == (State.SUCCEEDED, result)
    assert [attempt.outcome for attempt in run.attempts] == [Outcome.SUCCEEDED]


@pytest.mark.parametrize(("how", "type"), FAILED_AGAIN)
def test_an_error_that_may_pass_leaves_the_run_pending_and_the_exit_code_is_1(tasks, how, type):
    task = tasks.run("trial-ends", "--how", how)
    assert task.process.returncode == 1, task.text
    run = tasks.only
    assert (run.state, run.failures, run.error) == (State.PENDING, 1, None)
    (attempt,) = run.attempts
    assert (attempt.outcome, attempt.error.type) == (Outcome.FAILED, type)
    assert attempt.error.retryable
    assert attempt.error.message
    assert "Traceback" in attempt.error.trace


@pytest.mark.parametrize(("how", "type"), FAILED_FOR_GOOD)
def test_an_error_that_cannot_pass_fails_the_run_for_good_and_the_exit_code_is_1(tasks, how, type):
    task = tasks.run("trial-ends", "--how", how)
    assert task.process.returncode == 1, task.text
    run = tasks.only
    assert (run.state, run.failures, run.error.type) == (State.FAILED, 1, type)
    assert run.result is None
    assert run.error.trace is None
    assert "Traceback" not in task.text


def test_a_retry_waits_as_long_as_the_error_asks(tasks):
    tasks.run("trial-ends", "--how", "retryable")
    run = tasks.only
    assert run.state is State.PENDING
    waits = run.due - run.attempts[0].ended
    assert timedelta(seconds=600) <= waits <= timedelta(seconds=660)  # with jitter


def test_a_second_failure_is_the_last_of_two_attempts(tasks):
    for number in ("0", "1"):
        tasks.run("trial-ends", "--how", "error", CLOUD_RUN_TASK_ATTEMPT=number)
    run = tasks.only
    assert (run.state, run.failures, len(run.attempts)) == (State.FAILED, 2, 2)
    assert run.error.message == "no good"


def test_a_job_may_give_its_run_back_by_itself(tasks):
    assert tasks.run("trial-ends", "--how", "interrupted").process.returncode == 143
    run = tasks.only
    assert (run.state, run.failures) == (State.PENDING, 0)


def test_a_thread_that_the_job_leaves_behind_does_not_keep_the_process(tasks):
    task = tasks.run("trial-ends", "--how", "thread")
    assert task.process.returncode == 0
    assert "Threads were left behind: 1." in task.text
    assert tasks.only.state is State.SUCCEEDED


def test_what_a_job_prints_and_does_not_flush_is_not_lost(tasks):
    assert "printed\n" in tasks.run("trial-ends", "--how", "unflushed").lines


def test_a_task_that_is_started_again_after_it_succeeded_does_nothing(tasks):
    tasks.run("trial-ends")
    before = tasks.only
    again = tasks.run("trial-ends", CLOUD_RUN_TASK_ATTEMPT="1")
    assert again.process.returncode == 0
    assert "succeeded already" in again.text
    assert tasks.only == before


def test_tasks_of_one_execution_make_runs_of_their_own(tasks):
    for index in ("0", "1"):
        tasks.run("trial-ends", CLOUD_RUN_TASK_INDEX=index)
    assert len(tasks.runs.list()) == 2


def test_without_a_platform_each_start_is_a_new_run(tasks):
    for _ in range(2):
        tasks.run("trial-ends", CLOUD_RUN_EXECUTION="")
    assert len(tasks.runs.list()) == 2
