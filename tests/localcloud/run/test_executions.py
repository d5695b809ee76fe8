"""Executions and their tasks: real processes, seen by Google's clients."""

from __future__ import annotations

import os
import signal
import sys

import httpx
import pytest
from google.api_core import exceptions
from google.cloud import run_v2

from tests.localcloud.run.conftest import LOCATION, cloud_run

JOB = f"{LOCATION}/jobs/j"


def conditions(of) -> dict[str, str]:
    return {it.type_: it.state.name.removeprefix("CONDITION_") for it in of.conditions}


def completed(of) -> run_v2.Condition:
    return next(it for it in of.conditions if it.type_ == "Completed")


def counts(execution) -> tuple[int, ...]:
    names = ("running", "succeeded", "failed", "cancelled", "retried")
    return tuple(getattr(execution, f"{name}_count") for name in names)


def the_task(served, execution) -> run_v2.Task:
    (task,) = served.tasks.list_tasks(parent=execution.name)
    return task


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


# --- what a task gets


def test_a_task_has_the_contract_of_a_container(served, puppet, puppets):
    served.make("j", {**puppet, "env": [{"name": "MINE", "value": "1"}]}, tasks=2, parallelism=2)
    execution = served.start("j")
    tasks = [puppets.next() for _ in range(2)]
    told = [
        {name: it for name, it in task.environment.items() if name.startswith("CLOUD_RUN_")}
        for task in tasks
    ]
    for task in tasks:
        assert task.environment["MINE"] == "1"
        task.end(0)
    served.settle(execution)
    region = {"CLOUD_RUN_REGION": "us-central1"}
    assert sorted(told, key=lambda it: it["CLOUD_RUN_TASK_INDEX"]) == [
        {
            "CLOUD_RUN_JOB": "j",
            "CLOUD_RUN_EXECUTION": execution.name.rpartition("/")[2],
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": "2",
            "CLOUD_RUN_TASK_ATTEMPT": "0",
            **region,
        }
        for index in range(2)
    ]


def test_a_task_has_the_servers_settings_under_its_own(served, puppet, puppets, monkeypatch):
    """And nothing of an execution that the server may be a task of."""
    for name in ("RUNJOBS_EXECUTION", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT"):
        monkeypatch.setenv(name, "7")
    own = {"name": "RUNJOBS_BLOBS", "value": "gs://mine"}
    served.make("j", {**puppet, "env": [own]})
    execution = served.start("j")
    task = puppets.next()
    home = str(served.run.engine.home.parent)
    assert task.environment["RUNJOBS_HOME"] == home
    assert task.environment["RUNJOBS_DOCUMENTS"].startswith("sqlite:")
    assert task.environment["RUNJOBS_EXECUTOR"] == "local"
    assert task.environment["RUNJOBS_BLOBS"] == "gs://mine"
    assert "RUNJOBS_EXECUTION" not in task.environment
    assert task.environment["CLOUD_RUN_TASK_INDEX"] == "0"
    task.end(0)
    served.settle(execution)


def test_without_a_command_it_is_this_project_with_its_args(served):
    served.make("noop", {"args": ["noop"]}, max_retries=0)
    assert counts(served.settle(served.start("noop"))) == (0, 1, 0, 0, 0)
    served.make("nothing-such", {}, max_retries=0)
    ended = served.settle(served.start("nothing-such"))
    assert completed(ended).message.startswith("Task nothing-such-")
    assert "nothing-such" in completed(ended).message.partition("said:")[2]


def test_a_jobs_own_params_may_be_all_its_args(served):
    """Which job it is says CLOUD_RUN_JOB."""
    served.make("video-generation", {"args": ["--help"]}, max_retries=0)
    execution = served.start("video-generation")
    assert counts(served.settle(execution)) == (0, 1, 0, 0, 0)
    log = served.run.engine.folder(execution.name.rpartition("/")[2]).log(0).read_text()
    assert "--prompt" in log


def test_a_command_is_found_beside_the_python_of_this_project(served):
    code = "import sys; print(sys.executable)"
    served.make("j", {"command": ["python", "-c", code]}, max_retries=0)
    execution = served.start("j")
    served.settle(execution)
    log = served.run.engine.folder(execution.name.rpartition("/")[2]).log(0).read_text()
    assert os.path.realpath(log.strip()) == os.path.realpath(sys.executable)


def test_it_begins_in_the_folder_that_the_container_names(served, tmp_path):
    served.make("j", {"command": ["pwd"], "working_dir": str(tmp_path)})
    execution = served.start("j")
    served.settle(execution)
    log = served.run.engine.folder(execution.name.rpartition("/")[2]).log(0).read_text()
    assert os.path.realpath(log.strip()) == os.path.realpath(tmp_path)


def test_a_folder_that_is_not_there_is_named_and_nothing_is_started(served, tmp_path):
    served.make("j", {"command": ["true"], "working_dir": str(tmp_path / "none")})
    with pytest.raises(exceptions.BadRequest, match="none, which is no folder"):
        served.start("j")
    assert list(served.executions.list_executions(parent=JOB)) == []


def test_a_secret_is_what_the_server_has_of_that_name_or_a_clear_refusal(
    served, puppet, puppets, monkeypatch
):
    monkeypatch.setenv("HAD", "from here")
    for id, name in (("j", "HAD"), ("k", "NOT_HAD")):
        source = {"secret_key_ref": {"secret": "s", "version": "latest"}}
        served.make(id, {**puppet, "env": [{"name": name, "value_source": source}]})
    with pytest.raises(exceptions.BadRequest, match="NOT_HAD comes from a secret"):
        served.start("k")
    execution = served.start("j")
    task = puppets.next()
    assert task.environment["HAD"] == "from here"
    task.end(0)
    assert "from here" not in str(served.settle(execution))


# --- overrides


def test_a_start_may_have_its_own_args_variables_count_and_timeout(served, puppet, puppets):
    env = [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]
    served.make("j", {**puppet, "args": ["old"], "env": env}, tasks=1)
    over = {"args": ["new", "args"], "env": [{"name": "B", "value": "2"}, {"name": "C"}]}
    execution = served.start("j", container_overrides=[over], task_count=2, timeout={"seconds": 99})
    assert execution.task_count == 2
    assert execution.template.timeout.total_seconds() == 99
    (container,) = execution.template.containers
    assert list(container.args) == ["new", "args"]
    assert [(it.name, it.value) for it in container.env] == [("A", "1"), ("B", "2"), ("C", "")]
    for _ in range(2):
        task = puppets.next()
        assert task.argv[-2:] == ["new", "args"]
        assert [task.environment[it] for it in "ABC"] == ["1", "2", ""]
        task.end(0)
    served.settle(execution)
    (container,) = served.jobs.get_job(name=JOB).template.template.containers
    assert list(container.args) == ["old"]


def test_args_are_cleared_where_that_is_said(served, puppet, puppets):
    served.make("j", {**puppet, "args": ["old"]})
    execution = served.start("j", container_overrides=[{"clear_args": True}])
    task = puppets.next()
    assert task.argv[-1] == puppets.port
    task.end(0)
    served.settle(execution)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"task_count": 10_001}, "taskCount"),
        ({"timeout": {"seconds": 168 * 3600 + 1}}, "timeout"),
        ({"container_overrides": [{"env": [{"name": "CLOUD_RUN_JOB"}]}]}, "reserved"),
        ({"container_overrides": [{"name": "other", "args": ["a"]}]}, "no container other"),
    ],
)
def test_overrides_that_cannot_be_are_refused_and_named(served, overrides, field):
    served.make("j", {"command": ["true"]})
    with pytest.raises(exceptions.BadRequest, match=field):
        served.start("j", **overrides)


def test_fewer_tasks_than_were_to_run_at_once_run_at_once(served):
    served.make("j", {"command": ["true"]}, tasks=5, parallelism=5)
    execution = served.start("j", task_count=2)
    assert (execution.task_count, execution.parallelism) == (2, 2)
    assert counts(served.settle(execution)) == (0, 2, 0, 0, 0)


def test_as_many_tasks_run_at_once_as_the_job_says(served, puppet, puppets):
    served.make("j", puppet, tasks=6, parallelism=4)
    execution = served.start("j")
    running = [puppets.next() for _ in range(4)]
    assert puppets.none_waits()
    assert counts(served.find(execution)) == (4, 0, 0, 0, 0)
    for task in running:
        task.end(0)
    for _ in range(2):
        puppets.next().end(0)
    assert counts(served.settle(execution)) == (0, 6, 0, 0, 0)


def test_the_laptops_own_limit_holds_over_the_jobs(tmp_path, ledger):
    run = cloud_run(tmp_path, ledger, RUNJOBS_PARALLELISM="3")
    task = {"containers": [{"image": "x"}]}
    for asked, at_once in ((5, 3), (2, 2), (0, 3)):
        template = {"taskCount": 9, "parallelism": asked, "template": task}
        job = run.jobs.create(LOCATION, f"j{asked}", {"template": template})
        assert run.engine.order("e", "j", job["template"]).at_once == at_once


# --- cancelled, deleted, moved


def test_a_cancelled_execution_says_so_and_its_operation_tells_no_error(served, puppet, puppets):
    served.make("j", puppet, tasks=3, parallelism=1)
    operation = served.jobs.run_job(name=JOB)
    task = puppets.next()
    cancelling = served.executions.cancel_execution(name=operation.metadata.name)
    task.wait()
    ended = served.settle(operation.metadata)
    assert counts(ended) == (0, 0, 0, 3, 0)
    assert completed(ended).state.name == "CONDITION_FAILED"
    assert completed(ended).execution_reason.name == "CANCELLED"
    assert cancelling.result() == ended
    assert operation.result() == ended
    assert served.jobs.get_job(name=JOB).latest_created_execution.completion_status.name == (
        "EXECUTION_CANCELLED"
    )


def test_while_it_is_being_cancelled_it_says_so(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    task.do(endure=True)
    served.executions.cancel_execution(name=execution.name)
    assert task.heard() == {"endured": True}
    found = served.run.executions.get(execution.name)
    if "completionTime" not in found:  # else its grace was over before we looked
        assert found["conditions"][0]["executionReason"] == "CANCELLING"
    task.wait()
    assert counts(served.settle(execution)) == (0, 0, 0, 1, 0)


def test_what_has_ended_cannot_be_cancelled(served):
    served.make("j", {"command": ["true"]})
    execution = served.settle(served.start("j"))
    with pytest.raises(exceptions.BadRequest, match="has ended"):
        served.executions.cancel_execution(name=execution.name)
    assert served.find(execution) == execution


@pytest.mark.parametrize("act", ["get_execution", "cancel_execution", "delete_execution"])
def test_an_execution_that_is_not_there_is_named(served, act):
    served.make("j", {})
    with pytest.raises(exceptions.NotFound, match="'j-1' of kind 'EXECUTION'"):
        getattr(served.executions, act)(name=f"{JOB}/executions/j-1")


@pytest.mark.parametrize("task", ["j-1-task0", "EXECUTION-task1", "EXECUTION-task", "task0"])
def test_a_task_that_is_not_there_is_named(served, task):
    served.make("j", {"command": ["true"]})
    execution = served.settle(served.start("j"))
    task = task.replace("EXECUTION", execution.name.rpartition("/")[2])
    with pytest.raises(exceptions.NotFound, match=f"'{task}' of kind 'TASK'"):
        served.tasks.get_task(name=f"{execution.name}/tasks/{task}")


def test_a_deleted_execution_is_gone_and_its_tasks_end(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    assert served.executions.delete_execution(name=execution.name).result().delete_time
    task.wait()
    assert list(served.executions.list_executions(parent=JOB)) == []
    with pytest.raises(exceptions.NotFound):
        served.find(execution)
    assert served.jobs.get_job(name=JOB).execution_count == 1


def test_an_execution_is_moved_when_somebody_asks(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    task.do(notice=True)
    move = f"{served.url}/local/v1/{execution.name}:migrate"
    assert httpx.post(move).json()["name"] == execution.name
    assert [task.heard()["signal"] for _ in range(2)] == ["SIGTSTP", "SIGCONT"]
    task.end(0)
    served.settle(execution)
    assert httpx.post(move).json()["error"]["status"] == "FAILED_PRECONDITION"


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
