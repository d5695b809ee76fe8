"""The same calls over gRPC, by the real clients."""

from __future__ import annotations

import sys
from datetime import timedelta

import grpc
import pytest
from google.api.launch_stage_pb2 import LaunchStage
from google.api_core import exceptions
from google.cloud import run_v2, tasks_v2
from google.cloud.run_v2.services.jobs.transports import JobsGrpcTransport
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.iam.v1.iam_policy_pb2 import GetIamPolicyRequest
from google.rpc.error_details_pb2 import RetryInfo

from common.errors import Misconfigured, Unavailable
from common.localcloud.errors import ApiError
from common.localcloud.grpc import grpc_serving
from common.localcloud.rpc import EMPTY, OPERATION, Call, Rpc

JOB = "projects/p/locations/r/jobs/j"
QUEUE = "projects/p/locations/r/queues/q"
_RUN = "google.cloud.run.v2.Jobs"
_SCHEDULER = "google.cloud.scheduler.v1.CloudScheduler"
_TASKS = "google.cloud.tasks.v2.CloudTasks"
_RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}


class Answers:
    """What is answered to each call, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[Call] = []
        self.next: list[dict | Exception] = []

    def __call__(self, call: Call) -> dict:
        self.asked.append(call)
        answer = self.next.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def rpcs(answers: Answers) -> list[Rpc]:
    return [
        Rpc(verb="", path="", answer=answers, service=service, method=method, **kinds)
        for service, method, kinds in (
            (_RUN, "GetJob", {"response": "google.cloud.run.v2.Job"}),
            (_RUN, "CreateJob", {"response": OPERATION}),
            (_RUN, "RunJob", {"response": OPERATION}),
            (
                _RUN,
                "GetIamPolicy",
                {
                    "request": "google.iam.v1.GetIamPolicyRequest",
                    "response": "google.iam.v1.Policy",
                },
            ),
            (_TASKS, "CreateTask", {"response": "google.cloud.tasks.v2.Task"}),
            (_TASKS, "UpdateQueue", {"response": "google.cloud.tasks.v2.Queue"}),
            (_TASKS, "DeleteQueue", {"response": EMPTY}),
            (_SCHEDULER, "GetJob", {"response": "google.cloud.scheduler.v1.Job"}),
        )
    ]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def channel(answers):
    with grpc_serving(rpcs(answers)) as address, grpc.insecure_channel(address) as channel:
        yield channel


@pytest.fixture
def jobs(channel) -> run_v2.JobsClient:
    return run_v2.JobsClient(transport=JobsGrpcTransport(channel=channel))


@pytest.fixture
def tasks(channel) -> tasks_v2.CloudTasksClient:
    return tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


# --- what is asked, and what is answered


def test_a_request_is_the_json_that_http_has_of_it(jobs, answers):
    answers.next.append({"name": "projects/p/locations/r/operations/o"})
    override = run_v2.RunJobRequest.Overrides.ContainerOverride(
        args=["--a"], env=[run_v2.EnvVar(name="A", value="b")]
    )
    overrides = run_v2.RunJobRequest.Overrides(
        container_overrides=[override], task_count=3, timeout=timedelta(hours=1)
    )
    jobs.run_job(run_v2.RunJobRequest(name=JOB, overrides=overrides))
    assert answers.asked[0].fields == {
        "name": JOB,
        "overrides": {
            "containerOverrides": [{"args": ["--a"], "env": [{"name": "A", "value": "b"}]}],
            "taskCount": 3,
            "timeout": "3600s",
        },
    }
    assert answers.asked[0].headers["x-goog-request-params"].endswith("location=r")


def test_masks_enums_bytes_and_durations_are_as_in_json(tasks, answers):
    answers.next += [{"name": QUEUE}, {"name": f"{QUEUE}/tasks/t"}]
    retry = tasks_v2.RetryConfig(min_backoff=timedelta(milliseconds=1500))
    queue = tasks_v2.Queue(name=QUEUE, retry_config=retry)
    tasks.update_queue(queue=queue, update_mask={"paths": ["retry_config.min_backoff"]})
    request = tasks_v2.HttpRequest(
        url="http://u", body=b"\xff\x00", http_method=tasks_v2.HttpMethod.PUT
    )
    tasks.create_task(parent=QUEUE, task=tasks_v2.Task(http_request=request))
    update, create = (call.fields for call in answers.asked)
    assert update == {
        "queue": {"name": QUEUE, "retryConfig": {"minBackoff": "1.500s"}},
        "updateMask": "retryConfig.minBackoff",
    }
    assert create["task"] == {
        "httpRequest": {"url": "http://u", "body": "/wA=", "httpMethod": "PUT"}
    }


def test_an_answer_is_the_message_of_its_json(jobs, answers):
    answers.next.append(
        {
            "name": JOB,
            "generation": "7",
            "createTime": "2026-11-22T12:00:00.5Z",
            "labels": {"a": "b"},
            "launchStage": "GA",
            "template": {"taskCount": 2, "template": {"maxRetries": 0, "timeout": "5s"}},
            "what it does not have": "is left out",
        }
    )
    job = jobs.get_job(name=JOB)
    assert (job.name, job.generation, job.labels) == (JOB, 7, {"a": "b"})
    assert job.launch_stage == LaunchStage.GA
    assert job.create_time.isoformat() == "2026-11-22T12:00:00.500000+00:00"
    assert job.template.template.timeout == timedelta(seconds=5)
    assert job.template.template.max_retries == 0
    assert "max_retries" in job.template.template


def test_an_operation_holds_what_it_comes_to(jobs, answers):
    made = {"@type": "type.googleapis.com/google.cloud.run.v2.Job", "name": JOB}
    operation = "projects/p/locations/r/operations/o"
    answers.next.append({"name": operation, "metadata": made, "done": True, "response": made})
    found = jobs.create_job(parent="projects/p/locations/r", job=run_v2.Job(), job_id="j")
    assert (found.operation.name, found.metadata.name) == (operation, JOB)
    assert found.result(timeout=20).name == JOB


def test_messages_of_other_apis_are_known_too(jobs, tasks, answers):
    answers.next += [{"etag": "YQ==", "bindings": [{"role": "r", "members": ["m"]}]}, {}]
    policy = jobs.get_iam_policy(GetIamPolicyRequest(resource=JOB))
    assert (policy.etag, policy.bindings[0].role) == (b"a", "r")
    assert tasks.delete_queue(name=QUEUE) is None


# --- what goes wrong


def test_an_error_has_its_status_its_message_and_its_details(jobs, answers):
    odd = {"@type": "type.googleapis.com/no.Such"}
    details = [odd, _RETRY, {"own": 1}]
    answers.next.append(ApiError("RESOURCE_EXHAUSTED", "Too much.", details=details))
    with pytest.raises(exceptions.ResourceExhausted, match="Too much") as error:
        jobs.get_job(name=JOB, retry=None)
    (detail,) = error.value.details
    assert isinstance(detail, RetryInfo)
    assert detail.retry_delay.seconds == 7


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (ApiError("NOT_FOUND", "no"), exceptions.NotFound),
        (ApiError("ALREADY_EXISTS", "no"), exceptions.AlreadyExists),
        (Unavailable("no"), exceptions.ServiceUnavailable),
        ({"generation": "no number"}, exceptions.InternalServerError),
    ],
)
def test_whatever_fails_is_told_by_its_kind(jobs, answers, problem, told):
    answers.next.append(problem)
    with pytest.raises(told, match="no"):
        jobs.get_job(name=JOB, retry=None)


def test_what_is_no_message_is_refused(channel):
    call = channel.unary_unary(f"/{_RUN}/GetJob")
    with pytest.raises(grpc.RpcError) as error:
        call(b"\xff\xff")
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_what_nothing_answers_is_not_implemented(jobs):
    with pytest.raises(exceptions.MethodNotImplemented):
        jobs.delete_job(name=JOB, retry=None)


def test_a_port_that_is_taken_is_named():
    with grpc_serving([]) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(Misconfigured, match=f"Port {port}"), grpc_serving([], port=port):
            pass


@pytest.mark.parametrize("module", ["grpc", "grpc_status.rpc_status"])
def test_a_missing_package_is_named_with_the_extra_that_has_it(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Misconfigured, match=r"runjobs\[gcp\]"), grpc_serving([]):
        pass


def test_a_call_whose_messages_are_not_installed_says_what_to_install(channel, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.cloud.scheduler_v1", None)
    with pytest.raises(grpc.RpcError, match="google-cloud-scheduler") as error:
        channel.unary_unary(f"/{_SCHEDULER}/GetJob")(b"")
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED
