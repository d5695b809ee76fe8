"""Version 1's jobs are version 2's in other words, and nothing is lost on the way."""

from __future__ import annotations

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.run.v1.executions import execution_of_v2, overrides_of_v1
from common.localcloud.run.v1.jobs import job_of_v1, job_of_v2
from common.localcloud.run.v1.selectors import Selector
from common.localcloud.run.v1.tasks import task_of_v2

NAME = "projects/p/locations/europe-west1/jobs/j"
JOB = {
    "name": NAME,
    "labels": {"team": "video"},
    "annotations": {"note": "ours"},
    "client": "gcloud",
    "clientVersion": "528.0.0",
    "launchStage": "BETA",
    "etag": '"7-a"',
    "template": {
        "labels": {"client.knative.dev/nonce": "a_b_c"},
        "annotations": {"run.googleapis.com/cloudsql-instances": "p:r:i"},
        "parallelism": 2,
        "taskCount": 3,
        "template": {
            "containers": [
                {
                    "name": "main",
                    "image": "python:3.12-slim",
                    "command": ["python", "-c"],
                    "args": ["--prompt=a cat", ""],
                    "env": [
                        {"name": "A", "value": ""},
                        {
                            "name": "KEY",
                            "valueSource": {"secretKeyRef": {"secret": "key", "version": "3"}},
                        },
                    ],
                    "resources": {"limits": {"cpu": "2", "memory": "4Gi"}},
                    "volumeMounts": [{"name": "files", "mountPath": "/files"}],
                    "workingDir": "/work",
                }
            ],
            "volumes": [
                {"name": "memory", "emptyDir": {"medium": "MEMORY", "sizeLimit": "1Gi"}},
                {
                    "name": "files",
                    "gcs": {"bucket": "b", "readOnly": True, "mountOptions": ["a=1", "b"]},
                },
                {
                    "name": "secret",
                    "secret": {
                        "secret": "key",
                        "items": [{"version": "latest", "path": "key", "mode": 256}],
                        "defaultMode": 292,
                    },
                },
                {"name": "disk", "nfs": {"server": "s", "path": "/", "readOnly": False}},
            ],
            "maxRetries": 0,
            "timeout": "3600s",
            "serviceAccount": "jobs@p.iam.gserviceaccount.com",
            "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
            "vpcAccess": {"egress": "ALL_TRAFFIC", "networkInterfaces": [{"network": "n"}]},
            "nodeSelector": {"accelerator": "nvidia-l4"},
        },
    },
}
TOLD = {
    "uid": "u",
    "generation": "7",
    "observedGeneration": "7",
    "createTime": "2026-11-22T10:00:00Z",
    "updateTime": "2026-11-22T11:00:00Z",
    "creator": "me@example.com",
    "lastModifier": "you@example.com",
    "terminalCondition": {
        "type": "Ready",
        "state": "CONDITION_SUCCEEDED",
        "lastTransitionTime": "2026-11-22T11:00:00Z",
    },
    "conditions": [{"type": "Extra", "state": "CONDITION_RECONCILING", "severity": "INFO"}],
    "executionCount": 2,
    "latestCreatedExecution": {
        "name": f"{NAME}/executions/j-abcde",
        "createTime": "2026-11-22T11:30:00Z",
        "completionStatus": "EXECUTION_RUNNING",
    },
}
"""What the API adds by itself."""


def test_a_job_is_the_same_after_both_ways():
    there = job_of_v2({**JOB, **TOLD})
    assert job_of_v1(there, project="p", region="europe-west1") == JOB


def test_the_fields_are_those_of_googles_messages():
    """Theirs refuse a name that they do not know."""
    run = pytest.importorskip("google.cloud.run_v2")
    from google.protobuf import json_format

    json_format.ParseDict({**JOB, **TOLD}, run.Job.pb(run.Job()))


def test_what_the_api_adds_is_told_in_version_1():
    told = job_of_v2({**JOB, **TOLD})
    assert told["metadata"] | {"annotations": {}, "labels": {}} == {
        "name": "j",
        "namespace": "p",
        "uid": "u",
        "generation": 7,
        "resourceVersion": "7-a",
        "creationTimestamp": "2026-11-22T10:00:00Z",
        "labels": {},
        "annotations": {},
    }
    assert told["metadata"]["labels"] == {
        "team": "video",
        "cloud.googleapis.com/location": "europe-west1",
        "run.googleapis.com/lastUpdatedTime": "2026-11-22T11:00:00Z",
    }
    assert told["metadata"]["annotations"]["run.googleapis.com/creator"] == "me@example.com"
    assert told["status"] == {
        "observedGeneration": 7,
        "conditions": [
            {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-22T11:00:00Z"},
            {"type": "Extra", "status": "Unknown", "severity": "Info"},
        ],
        "executionCount": 2,
        "latestCreatedExecution": {
            "name": "j-abcde",
            "creationTimestamp": "2026-11-22T11:30:00Z",
            "completionStatus": "EXECUTION_RUNNING",
        },
    }


def test_what_is_told_is_not_taken_for_what_is_asked():
    there = job_of_v2({**JOB, **TOLD})
    back = job_of_v1(there, project="p", region="europe-west1")
    assert set(back) & set(TOLD) == set()


def test_what_gcloud_leaves_empty_is_not_said():
    asked = {
        "metadata": {"name": "j", "namespace": "p", "labels": {}, "annotations": {}},
        "spec": {
            "template": {
                "metadata": {},
                "spec": {
                    "template": {
                        "spec": {"containers": [{"image": "x", "name": ""}], "nodeSelector": {}}
                    }
                },
            }
        },
        "status": {"latestCreatedExecution": {}},
    }
    assert job_of_v1(asked, project="p", region="europe-west1") == {
        "name": NAME,
        "template": {"template": {"containers": [{"image": "x"}]}},
    }


@pytest.mark.parametrize(
    ("job", "field"),
    [
        ({"spec": {"template": {"spec": {}}}}, "metadata.name"),
        ({"metadata": {"name": "j"}}, "spec.template"),
        (
            {
                "metadata": {"name": "j"},
                "spec": {"template": {"spec": {"template": {"spec": {"timeoutSeconds": "soon"}}}}},
            },
            "timeoutSeconds",
        ),
    ],
)
def test_a_job_that_says_too_little_is_refused_by_the_fields_name(job, field):
    with pytest.raises(ApiError, match=field):
        job_of_v1(job, project="p", region="r")


EXECUTION = {
    "name": f"{NAME}/executions/j-abcde",
    "job": "j",
    "generation": "1",
    "observedGeneration": "1",
    "parallelism": 1,
    "taskCount": 3,
    "template": JOB["template"]["template"],
    "startTime": "2026-11-22T11:30:00Z",
    "succeededCount": 1,
    "conditions": [
        {
            "type": "Completed",
            "state": "CONDITION_FAILED",
            "executionReason": "NON_ZERO_EXIT_CODE",
            "message": "Task j-abcde-task1 failed.",
        },
        {"type": "Started", "state": "CONDITION_SUCCEEDED"},
    ],
}


def test_an_execution_names_its_job_and_whether_it_runs():
    running, over = (
        execution_of_v2(EXECUTION | more)["metadata"]["labels"]
        for more in ({}, {"completionTime": "2026-11-22T11:31:00Z"})
    )
    assert running["run.googleapis.com/job"] == over["run.googleapis.com/job"] == "j"
    assert running["run.googleapis.com/servingState"] == "Active"
    assert "run.googleapis.com/servingState" not in over


def test_an_executions_conditions_have_version_1s_reasons():
    told = execution_of_v2(EXECUTION)
    assert told["status"]["conditions"] == [
        {
            "type": "Completed",
            "status": "False",
            "reason": "NonZeroExitCode",
            "message": "Task j-abcde-task1 failed.",
        },
        {"type": "Started", "status": "True"},
    ]
    assert told["status"]["succeededCount"] == 1
    assert "failedCount" not in told["status"]
    assert (told["spec"]["taskCount"], told["spec"]["parallelism"]) == (3, 1)


def test_overrides_say_the_time_in_seconds():
    containers = [{"args": ["a"], "env": [{"name": "A", "value": "1"}], "clearArgs": False}]
    asked = {"containerOverrides": containers, "taskCount": 3, "timeoutSeconds": 300}
    told = {"containerOverrides": containers, "taskCount": 3, "timeout": "300s"}
    assert overrides_of_v1(asked) == told


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "Pending"),
        ({"startTime": "2026-11-22T11:30:00Z"}, "Running"),
        ({"conditions": [{"type": "Completed", "state": "CONDITION_SUCCEEDED"}]}, "Succeeded"),
        ({"conditions": [{"type": "Completed", "state": "CONDITION_FAILED"}]}, "Failed"),
        (
            {
                "conditions": [
                    {
                        "type": "Completed",
                        "state": "CONDITION_FAILED",
                        "executionReason": "CANCELLED",
                    }
                ]
            },
            "Cancelled",
        ),
    ],
)
def test_a_tasks_state_is_a_label(more, state):
    task = {"name": f"{EXECUTION['name']}/tasks/j-abcde-task0", "execution": "j-abcde", **more}
    labels = task_of_v2(task)["metadata"]["labels"]
    assert labels["run.googleapis.com/runningState"] == state
    assert labels["run.googleapis.com/execution"] == "j-abcde"


LABELS = {"run.googleapis.com/job": "j", "state": "Running"}


@pytest.mark.parametrize(
    ("selector", "has"),
    [
        ("", True),
        ("run.googleapis.com/job = j", True),
        ("run.googleapis.com/job=j,state==Running", True),
        ("run.googleapis.com/job = other", False),
        ("run.googleapis.com/job = j, state = Active", False),
        ("state != Running", False),
        ("none != x", True),
        ("state in (Failed, Running)", True),
        ("state in (Failed,Cancelled)", False),
        ("state notin (Failed)", True),
        ("state", True),
        ("none", False),
        ("!none", True),
        ("! state", False),
    ],
)
def test_a_selector_chooses_by_labels(selector, has):
    assert Selector.parsed(selector)(LABELS) is has


def test_a_selector_says_what_must_be_equal():
    parsed = Selector.parsed("a = b, c in (d), e != f, g==h")
    assert parsed.equal == {"a": "b", "g": "h"}


@pytest.mark.parametrize("selector", ["a = b c", "=", "a in", "a in (b", "a,,b", "a <b"])
def test_a_selector_that_is_not_one_is_refused(selector):
    with pytest.raises(ApiError, match="labelSelector"):
        Selector.parsed(selector)
