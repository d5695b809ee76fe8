"""What a task gets of its container: variables, command, folder, secrets."""

from __future__ import annotations

import os
import sys

import pytest
from google.api_core import exceptions

from tests.localcloud.run.conftest import JOB
from tests.localcloud.run.seen import completed, counts


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
