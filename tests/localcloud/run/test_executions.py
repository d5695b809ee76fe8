"""Executions and their tasks: real processes, seen by Google's clients."""

from __future__ import annotations

import os
import signal

import pytest
from google.api_core import exceptions
from google.cloud import run_v2

from tests.localcloud.run.conftest import JOB, LOCATION
from tests.localcloud.run.seen import completed, conditions, counts, the_task

# --- how it stands


def test_an_execution_runs_until_its_task_has_ended(served, puppet, puppets):
    served.make("j", puppet)
    operation = served.jobs.run_job(name=JOB)
    task = puppets.next()
    started = served.find(operation.metadata)
    assert started.name.startswith(f"{JOB}/executions/j-")
    assert (started.job, started.task_count, started.parallelism) == ("j", 1, 1)
    assert counts(started) == (1, 0, 0, 0, 0)
    assert conditions(started) | {"Started": "SUCCEEDED"} == {
        "Completed": "PENDING",
        "ResourcesAvailable": "SUCCEEDED",
        "Started": "SUCCEEDED",
        "ContainerReady": "SUCCEEDED",
    }
    assert started.reconciling
    assert started.completion_time is None
    assert not operation.done()
    task.end(0)
    ended = served.settle(started)
    assert counts(ended) == (0, 1, 0, 0, 0)
    assert set(conditions(ended).values()) == {"SUCCEEDED"}
    assert not ended.reconciling
    assert started.create_time <= ended.start_time <= ended.completion_time
    assert operation.result() == ended
    assert not any(it.message for it in ended.conditions)


def test_a_failure_is_told_as_cloud_run_tells_it(served):
    command = ["sh", "-c", "echo my last words; exit 3"]
    served.make("j", {"command": command}, max_retries=0)
    operation = served.jobs.run_job(name=JOB)
    ended = served.settle(operation.metadata)
    id = ended.name.rpartition("/")[2]
    said = "The container exited with an error. It last said: my last words"
    message = f"Task {id}-task0 failed with exit code: 3 and message: {said}"
    assert counts(ended) == (0, 0, 1, 0, 0)
    assert (completed(ended).state.name, completed(ended).message) == ("CONDITION_FAILED", message)
    assert completed(ended).execution_reason.name == "NON_ZERO_EXIT_CODE"
    with pytest.raises(exceptions.GoogleAPICallError, match=message):
        operation.result()
    task = the_task(served, ended)
    assert task.name == f"{ended.name}/tasks/{id}-task0"
    assert (task.last_attempt_result.exit_code, task.last_attempt_result.term_signal) == (3, 0)
    assert task.last_attempt_result.status.message == said
    assert conditions(task) == {"Completed": "FAILED", "Started": "SUCCEEDED"}
    assert served.tasks.get_task(name=task.name) == task


def test_a_signal_is_told_as_such(served, puppet, puppets):
    served.make("j", puppet, max_retries=0)
    execution = served.start("j")
    os.kill(puppets.next().pid, signal.SIGKILL)
    result = the_task(served, served.settle(execution)).last_attempt_result
    assert (result.exit_code, result.term_signal) == (0, signal.SIGKILL)
    assert result.status.message.startswith("Terminated by signal 9.")


def test_what_failed_is_tried_again_and_counted(served, puppet, puppets):
    served.make("j", puppet, max_retries=2)
    execution = served.start("j")
    puppets.next().end(5)
    second = puppets.next()
    assert second.environment["CLOUD_RUN_TASK_ATTEMPT"] == "1"
    second.end(0)
    ended = served.settle(execution)
    assert counts(ended) == (0, 1, 0, 0, 1)
    task = the_task(served, ended)
    assert (task.retried, task.max_retries) == (1, 2)
    assert task.last_attempt_result.exit_code == 0
    assert task.start_time < task.completion_time


def test_a_task_that_takes_too_long_has_failed(served):
    served.make("j", {"command": ["sleep", "60"]}, max_retries=0, timeout={"seconds": 1})
    ended = served.settle(served.start("j"))
    result = the_task(served, ended).last_attempt_result
    assert result.term_signal == signal.SIGTERM
    assert result.status.message.startswith("The configured timeout was reached.")


def test_every_task_is_listed_by_its_index(served, puppet, puppets):
    served.make("j", puppet, tasks=3, parallelism=2, max_retries=0)
    execution = served.start("j")
    running = [puppets.next() for _ in range(2)]
    found = served.tasks.list_tasks(run_v2.ListTasksRequest(parent=execution.name, page_size=2))
    assert [[it.index for it in page.tasks] for page in found.pages] == [[0, 1], [2]]
    for task in running:
        task.end(int(task.environment["CLOUD_RUN_TASK_INDEX"]))
    puppets.next().end(2)
    ended = served.settle(execution)
    assert counts(ended) == (0, 1, 2, 0, 0)
    tasks = list(served.tasks.list_tasks(parent=ended.name))
    assert [it.last_attempt_result.exit_code for it in tasks] == [0, 1, 2]
    assert completed(ended).message.startswith(f"Task {tasks[1].name.rpartition('/')[2]} failed")


# --- listed


def test_executions_are_listed_by_pages_the_newest_first(served):
    served.make("j", {"command": ["true"]})
    names = [served.start("j").name for _ in range(3)]
    request = run_v2.ListExecutionsRequest(parent=JOB, page_size=2)
    pages = served.executions.list_executions(request).pages
    assert [[it.name for it in page.executions] for page in pages] == [names[:0:-1], names[:1]]
    job = served.jobs.get_job(name=JOB)
    assert job.execution_count == 3
    assert job.latest_created_execution.name == names[-1].rpartition("/")[2]


def test_those_of_all_jobs_are_listed_together(served):
    names = []
    for id in ("a", "b", "a"):
        if not names or id == "b":
            served.make(id, {"command": ["true"]})
        names.append(served.start(id).name)
    everything = f"{LOCATION}/jobs/-"
    found = served.executions.list_executions(
        run_v2.ListExecutionsRequest(parent=everything, page_size=2)
    )
    assert [it.name for it in found] == names[::-1]
    of_a = served.tasks.list_tasks(parent=f"{LOCATION}/jobs/a/executions/-")
    assert [it.execution for it in of_a] == [it.rpartition("/")[2] for it in names[::-2]]
    assert len(list(served.tasks.list_tasks(parent=f"{everything}/executions/-"))) == 3


def test_of_very_many_executions_the_oldest_that_ended_are_forgotten(
    served, puppet, puppets, monkeypatch
):
    monkeypatch.setattr("common.localcloud.run.executions.KEPT", 3)
    monkeypatch.setattr("common.localcloud.run.jobs._TRIM", 5)
    served.make("j", puppet)
    names = []
    for _ in range(4):
        execution = served.start("j")
        puppets.next().end(0)
        names.append(served.settle(execution).name)
    names.append(served.start("j").name)
    task = puppets.next()
    left = [it.name for it in served.executions.list_executions(parent=JOB)]
    assert left == names[:0:-1]
    assert served.jobs.get_job(name=JOB).execution_count == 5
    task.end(0)
