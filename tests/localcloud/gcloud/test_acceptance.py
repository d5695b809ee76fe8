"""The real gcloud takes the local cloud for Google's, command by command."""

from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Callable

import httpx
import pytest

from common.runs.reader import Reader

PYTHON = f"--command={sys.executable}"
EXECUTION = "run.googleapis.com/execution_name"


@pytest.fixture
def name() -> str:
    return f"job-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def create(gcloud, name) -> Callable[..., str]:
    """Makes a job, whose container runs Python code where some is given."""

    def create_one(code: str = "", *flags: str) -> str:
        # ^;; is how gcloud is told not to take commas for ends of args.
        runs = [PYTHON, f"--args=^;;^-c;;{code}"] if code else []
        gcloud.ok("run", "jobs", "create", name, "--image=runjobs", *runs, *flags)
        return name

    return create_one


def container(job: dict) -> dict:
    return job["spec"]["template"]["spec"]["template"]["spec"]["containers"][0]


def started(said) -> str:
    """The name of the execution that was started."""
    return re.search(r"Execution \[\S*?(job-\w+-\w+)", said.stderr)[1]


def condition(thing: dict, kind: str = "Completed") -> dict:
    return next(each for each in thing["status"]["conditions"] if each["type"] == kind)


def test_a_job_is_created_found_updated_and_deleted(gcloud, create, name):
    create("", "--set-env-vars=A=1", "--max-retries=0", "--cpu=2", "--memory=1Gi")
    again = gcloud("run", "jobs", "create", name, "--image=runjobs")
    listed = gcloud.ok("run", "jobs", "list")
    there = gcloud.json("run", "jobs", "list", "--region=us-central1")
    described = gcloud.json("run", "jobs", "describe", name)
    assert again.code == 1
    assert f"Job [{name}] already exists" in again.stderr
    assert name in listed.stdout
    assert name in {each["metadata"]["name"] for each in there}
    assert container(described)["resources"]["limits"] == {"cpu": "2", "memory": "1Gi"}
    gcloud.ok("run", "jobs", "update", name, "--update-env-vars=B=2", "--task-timeout=5m")
    updated = gcloud.json("run", "jobs", "describe", name)
    assert container(updated)["env"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert updated["metadata"]["generation"] == 2
    gcloud.ok("run", "jobs", "delete", name)
    gone = gcloud("run", "jobs", "describe", name)
    assert (gone.code, f"Cannot find job [{name}]" in gone.stderr) == (1, True)


def test_a_job_of_any_region_is_listed(gcloud, name):
    gcloud.ok("run", "jobs", "create", name, "--image=runjobs", "--region=europe-west1")
    everywhere = gcloud.json("run", "jobs", "list")
    here = gcloud("run", "jobs", "describe", name)
    (found,) = [each for each in everywhere if each["metadata"]["name"] == name]
    assert found["metadata"]["labels"]["cloud.googleapis.com/location"] == "europe-west1"
    assert here.code == 1


def test_deploy_makes_a_job_and_then_changes_it(gcloud, name):
    made = gcloud.ok("run", "jobs", "deploy", name, "--image=runjobs", "--tasks=2")
    assert "has successfully been deployed" in made.stderr
    gcloud.ok("run", "jobs", "deploy", name, "--image=runjobs:2", "--parallelism=1")
    job = gcloud.json("run", "jobs", "describe", name)
    assert container(job)["image"] == "runjobs:2"
    assert job["spec"]["template"]["spec"] | {"template": 0} == {
        "taskCount": 2,
        "parallelism": 1,
        "template": 0,
    }


def test_what_was_exported_replaces_a_job(gcloud, create, name, tmp_path):
    create("", "--set-env-vars=A=1", "--labels=team=video")
    exported = gcloud.ok("run", "jobs", "describe", name, "--format=export").stdout
    file = tmp_path / "job.yaml"
    file.write_text(exported.replace("value: '1'", "value: '2'").replace("video", "audio"))
    gcloud.ok("run", "jobs", "replace", str(file))
    job = gcloud.json("run", "jobs", "describe", name)
    assert container(job)["env"] == [{"name": "A", "value": "2"}]
    assert job["metadata"]["labels"]["team"] == "audio"


def test_a_job_of_this_project_runs_to_its_end(gcloud, served):
    """Its entrypoint is the image's, and its run is in the ledger like any other."""
    gcloud.ok("run", "jobs", "create", "noop", "--image=runjobs", "--max-retries=0")
    done = gcloud.ok("run", "jobs", "execute", "noop", "--wait")
    assert "has successfully completed" in done.stderr
    (execution,) = gcloud.json("run", "jobs", "executions", "list", "--job=noop")
    id = execution["metadata"]["name"]
    assert execution["status"]["succeededCount"] == 1
    job = gcloud.json("run", "jobs", "describe", "noop")
    tasks = gcloud.json("run", "jobs", "executions", "tasks", "list", f"--execution={id}")
    logs = gcloud.ok("run", "jobs", "logs", "read", "noop")
    described = gcloud.ok("run", "jobs", "executions", "describe", id)
    latest = job["status"]["latestCreatedExecution"]
    assert (latest["name"], latest["completionStatus"]) == (id, "EXECUTION_SUCCEEDED")
    assert [each["metadata"]["name"] for each in tasks] == [f"{id}-task0"]
    assert "The run succeeded." in logs.stdout
    assert "1 task completed successfully" in described.stdout
    (run,) = Reader(served.cloud.store.documents).list({"job": "noop"})
    assert (run.state, run.attempts[0].worker.name) == ("succeeded", id)


ECHO = "import os, sys; print(sys.argv[1:], *(os.environ.get(it) for it in ('A', 'B')))"
ECHO += "; print(*(os.environ[f'CLOUD_RUN_{it}'] for it in ('TASK_INDEX', 'TASK_COUNT', 'JOB')))"


def test_an_execution_may_differ_from_its_job(gcloud, create, name):
    create(ECHO, "--set-env-vars=A=1,B=2")
    executed = gcloud.ok(
        *("run", "jobs", "execute", name, "--wait", f"--args=^;;^-c;;{ECHO};;x, y;;--z"),
        *("--update-env-vars=B=3", "--tasks=3", "--task-timeout=2m"),
    )
    id = started(executed)
    execution = gcloud.json("run", "jobs", "executions", "describe", id)
    job = gcloud.json("run", "jobs", "describe", name)
    logs = gcloud.json("logging", "read", f'labels."{EXECUTION}"={id}', "--order=asc")
    assert execution["spec"]["taskCount"] == 3
    assert execution["spec"]["template"]["spec"]["timeoutSeconds"] == "120"
    assert job["spec"]["template"]["spec"]["taskCount"] == 1
    assert {each["textPayload"] for each in logs} == {
        "['x, y', '--z'] 1 3",
        *(f"{index} 3 {name}" for index in range(3)),
    }


FAILING = "import sys, os; print('attempt', os.environ['CLOUD_RUN_TASK_ATTEMPT']); sys.exit(3)"


def test_an_execution_that_fails_is_told_with_its_exit_code(gcloud, create, name):
    create(FAILING, "--max-retries=1")
    failed = gcloud("run", "jobs", "execute", name, "--wait")
    assert failed.code == 1
    assert "The execution failed" in failed.stderr
    (execution,) = gcloud.json("run", "jobs", "executions", "list", f"--job={name}")
    id = execution["metadata"]["name"]
    assert execution["status"]["failedCount"] == execution["status"]["retriedCount"] == 1
    task = gcloud.json("run", "jobs", "executions", "tasks", "describe", f"{id}-task0")
    logs = gcloud.ok("run", "jobs", "logs", "read", name)
    second = gcloud.json("logging", "read", f'labels."{EXECUTION}"={id} AND "attempt 1"')
    assert task["status"]["lastAttemptResult"]["exitCode"] == 3
    assert condition(task)["reason"] == "NonZeroExitCode"
    assert [line.split()[-1] for line in logs.stdout.splitlines()] == ["0", "1"]
    assert [each["labels"]["run.googleapis.com/task_attempt"] for each in second] == ["1"]


def test_a_task_ends_at_its_timeout(gcloud, create, name):
    create("import signal; signal.pause()", "--max-retries=0")
    failed = gcloud("run", "jobs", "execute", name, "--wait", "--task-timeout=1s")
    assert failed.code == 1
    (execution,) = gcloud.json("run", "jobs", "executions", "list", f"--job={name}")
    assert "timeout" in condition(execution)["message"]


def test_an_execution_is_cancelled_and_deleted(gcloud, create, name):
    create("import signal; signal.pause()", "--tasks=2", "--parallelism=2")
    plain = gcloud.ok("run", "jobs", "execute", name)
    later = gcloud.ok("run", "jobs", "execute", name, "--async")
    assert "has successfully started running" in plain.stderr
    assert "is being started asynchronously" in later.stderr
    first, second = started(plain), started(later)
    running = gcloud.json("run", "jobs", "executions", "tasks", "list", f"--execution={first}")
    labels = [each["metadata"]["labels"] for each in running]
    assert {each["run.googleapis.com/runningState"] for each in labels} == {"Running"}
    gcloud.ok("run", "jobs", "executions", "cancel", first)
    cancelled = gcloud.json("run", "jobs", "executions", "describe", first)
    again = gcloud("run", "jobs", "executions", "cancel", first)
    gcloud.ok("run", "jobs", "executions", "delete", second)
    assert condition(cancelled) | {"lastTransitionTime": "", "message": ""} == {
        "type": "Completed",
        "status": "False",
        "reason": "Cancelled",
        "lastTransitionTime": "",
        "message": "",
    }
    assert cancelled["status"]["cancelledCount"] == 2
    assert again.code == 1
    (left,) = gcloud.json("run", "jobs", "executions", "list", f"--job={name}")
    assert left["metadata"]["name"] == first


SAID = """
import json
print(json.dumps({"severity": "ERROR", "message": "It broke.", "part": 7, "time":
    "2026-01-02T03:04:05Z", "logging.googleapis.com/labels": {"run": "r1"}}))
print("in words")
"""


def test_a_json_line_is_an_entry_with_its_severity_and_labels(gcloud, create, name):
    create(SAID)
    gcloud.ok("run", "jobs", "execute", name, "--wait")
    of_job = f"resource.type=cloud_run_job resource.labels.job_name={name}"
    errors = gcloud.json("logging", "read", f"{of_job} severity>=ERROR", "--freshness=999w")
    plain = gcloud.json("logging", "read", f'{of_job} textPayload:"WORDS"')
    odd = gcloud("logging", "read", 'log_id("run.googleapis.com/stdout")')
    (error,) = errors
    assert error["jsonPayload"] == {"message": "It broke.", "part": 7}
    assert (error["severity"], error["labels"]["run"]) == ("ERROR", "r1")
    assert error["timestamp"] == "2026-01-02T03:04:05.000000Z"
    assert [each["textPayload"] for each in plain] == ["in words"]
    assert (odd.code, "log_id()" in odd.stderr) == (1, True)


def test_a_project_has_policies_service_accounts_and_all_services(gcloud):
    account = gcloud.json("iam", "service-accounts", "create", "runjobs-jobs")
    gcloud.ok("services", "enable", "run.googleapis.com", "cloudtasks.googleapis.com")
    member = f"serviceAccount:{account['email']}"
    bind = ("add-iam-policy-binding", f"--member={member}", "--role=roles/run.invoker")
    policy = gcloud.json("projects", bind[0], "local", *bind[1:])
    accounts = gcloud.json("iam", "service-accounts", "list")
    assert policy["bindings"] == [{"role": "roles/run.invoker", "members": [member]}]
    assert [each["email"] for each in accounts] == [account["email"]]


def test_a_service_that_deploy_made_is_shown(gcloud, served):
    service = {
        "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "template": {
            "containers": [{"image": "runjobs:7", "env": [{"name": "A", "value": "1"}]}],
            "scaling": {"maxInstanceCount": 4},
            "timeout": "300s",
        },
    }
    made = f"{served.url}/v2/projects/local/locations/us-central1/services?serviceId=dispatcher"
    assert httpx.post(made, json=service).status_code == 200
    listed = gcloud.ok("run", "services", "list", "--region=us-central1")
    everywhere = gcloud.ok("run", "services", "list")
    described = gcloud.ok("run", "services", "describe", "dispatcher")
    whole = gcloud.json("run", "services", "describe", "dispatcher")
    assert "dispatcher" in listed.stdout
    assert "dispatcher" in everywhere.stdout
    assert "runjobs:7" in described.stdout
    spec = whole["spec"]["template"]
    assert spec["metadata"]["annotations"]["autoscaling.knative.dev/maxScale"] == "4"
    assert spec["spec"]["containers"][0]["env"] == [{"name": "A", "value": "1"}]
    assert whole["metadata"]["annotations"]["run.googleapis.com/ingress"] == "internal-only"
