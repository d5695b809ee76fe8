"""Whatever is sent is refused by name, or can be read again and run."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from google.cloud import run_v2

from common.localcloud.errors import ApiError
from common.localcloud.rest import answered
from common.localcloud.rpc import Call
from tests.localcloud.run.conftest import LOCATION, cloud_run
from tests.localcloud.spoilt import BAD, spoilt

CONTAINER = {
    "name": "n",
    "image": "x",
    "command": ["true"],
    "args": ["a"],
    "env": [{"name": "A", "value": "1"}],
    "resources": {"limits": {"cpu": "1"}},
    "workingDir": "/",
}
TASK = {
    "containers": [CONTAINER],
    "maxRetries": 1,
    "timeout": "5s",
    "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
    "vpcAccess": {"connector": "c", "egress": "ALL_TRAFFIC"},
    "serviceAccount": "a@b",
}
JOB = {
    "labels": {"a": "b"},
    "annotations": {"c": "d"},
    "client": "e",
    "launchStage": "GA",
    "template": {"labels": {"f": "g"}, "taskCount": 2, "parallelism": 1, "template": TASK},
}
OVERRIDES = {
    "containerOverrides": [
        {"name": "n", "args": ["b"], "env": [{"name": "B", "value": "2"}], "clearArgs": False}
    ],
    "taskCount": 2,
    "timeout": "3s",
}


@pytest.fixture
def ask(tmp_path, ledger, monkeypatch):
    run = cloud_run(tmp_path, ledger)
    rpcs = {rpc.method: rpc for rpc in run.rpcs}
    started = []
    monkeypatch.setattr(run.engine, "start", lambda _, order: started.append(order))

    def ask(method: str, **fields: Any) -> Any:
        try:
            return answered(rpcs[method], Call(fields=fields))
        except ApiError as error:
            if error.status in {"INVALID_ARGUMENT", "FAILED_PRECONDITION"} and error.message:
                return None
            raise

    ask.started = started
    return ask


def test_a_job_is_refused_or_can_be_read_again(ask):
    outcomes = set()
    for number, job in enumerate(spoilt(JOB)):
        made = ask("CreateJob", parent=LOCATION, jobId=f"j{number}", job=job)
        outcomes.add(made is None)
        if made:
            shown = ask("GetJob", name=f"{LOCATION}/jobs/j{number}")
            run_v2.Job.from_json(json.dumps(shown), ignore_unknown_fields=True)
    assert outcomes == {True, False}


def test_an_execution_is_refused_or_can_be_started(ask):
    name = f"{LOCATION}/jobs/j"
    ask("CreateJob", parent=LOCATION, jobId="j", job=JOB)
    for overrides in spoilt(OVERRIDES):
        ask("RunJob", name=name, overrides=overrides)
    assert ask.started
    for order in ask.started:
        given = (*order.arguments(), *order.environment, *order.environment.values())
        assert not any(b"\0" in os.fsencode(each) for each in given)
        assert order.tasks >= order.at_once > 0
    shown = ask("ListExecutions", parent=name, pageSize=1000)
    run_v2.ListExecutionsResponse.from_json(json.dumps(shown), ignore_unknown_fields=True)


@pytest.mark.parametrize("bad", [it for it in BAD if not isinstance(it, int | float)])
def test_names_policies_and_times_are_refused_or_understood(ask, bad):
    ask("CreateJob", parent=LOCATION, jobId="j", job=JOB)
    name = f"{LOCATION}/jobs/j"
    ask("SetIamPolicy", resource=name, policy=bad)
    ask("ListExecutions", parent=name, pageToken=bad)
    ask("ListJobs", parent=LOCATION, pageSize=bad)
    made = ask("CreateJob", parent=LOCATION, jobId="k", job=JOB)
    ask("WaitOperation", name=made["name"], timeout=bad)
    ask("CreateJob", parent=LOCATION, jobId=bad, job=JOB)
