"""The local cloud by Google's clients over gRPC, as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from google.api_core import exceptions
from google.cloud import run_v2, scheduler_v1, tasks_v2
from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
from google.cloud.logging_v2.services.logging_service_v2.transports import (
    LoggingServiceV2GrpcTransport,
)
from google.cloud.run_v2.services.executions.transports import ExecutionsGrpcTransport
from google.cloud.run_v2.services.jobs.transports import JobsGrpcTransport
from google.cloud.run_v2.services.services.transports import ServicesGrpcTransport
from google.cloud.run_v2.services.tasks.transports import TasksGrpcTransport
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.logging.type.log_severity_pb2 import LogSeverity
from google.longrunning.operations_pb2 import (
    DeleteOperationRequest,
    GetOperationRequest,
    ListOperationsRequest,
    Operation,
    WaitOperationRequest,
)
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from common.localcloud.messages import message_type
from tests.services.local_cloud import JOBS, LOCATION, Platform, serving_home

QUEUE = f"{LOCATION}/queues/q"
_FAIL_ODD = "import os, sys; sys.exit(int(os.environ['CLOUD_RUN_TASK_INDEX']) % 2)"


@pytest.fixture
def platform(tmp_path) -> Iterator[Platform]:
    with serving_home(tmp_path) as platform:
        yield platform


@pytest.fixture
def channel(platform):
    with platform.channel() as channel:
        yield channel


@pytest.fixture
def jobs(channel) -> run_v2.JobsClient:
    return run_v2.JobsClient(transport=JobsGrpcTransport(channel=channel))


@pytest.fixture
def executions(channel) -> run_v2.ExecutionsClient:
    return run_v2.ExecutionsClient(transport=ExecutionsGrpcTransport(channel=channel))


@pytest.fixture
def queues(channel) -> tasks_v2.CloudTasksClient:
    return tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


@pytest.fixture
def schedules(channel) -> scheduler_v1.CloudSchedulerClient:
    return scheduler_v1.CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))


def job(program: str, *, retries: int = 0) -> run_v2.Job:
    container = run_v2.Container(image="any", command=[sys.executable, "-c", program])
    task = run_v2.TaskTemplate(containers=[container], max_retries=retries)
    return run_v2.Job(template=run_v2.ExecutionTemplate(template=task, task_count=1))


def test_every_call_says_which_messages_it_takes_and_gives(platform):
    told = [rpc for rpc in platform.cloud.rpcs if rpc.service]
    assert told
    for rpc in told:
        assert message_type(rpc.request_type), rpc.method
        assert message_type(rpc.response), rpc.method


# --- Cloud Run


def test_a_job_is_made_changed_listed_and_deleted(jobs):
    made = jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j").result(timeout=20)
    assert made.name == f"{JOBS}/j"
    assert made.template.template.max_retries == 0
    made.labels["a"] = "b"
    assert jobs.update_job(job=made).result(timeout=20).generation == made.generation + 1
    assert [it.name for it in jobs.list_jobs(parent=LOCATION)] == [made.name]
    assert jobs.get_job(name=made.name).labels == {"a": "b"}
    jobs.delete_job(name=made.name).result(timeout=20)
    with pytest.raises(exceptions.NotFound, match="j"):
        jobs.get_job(name=made.name)


def test_an_execution_runs_to_its_end(jobs, executions, channel):
    jobs.create_job(parent=LOCATION, job=job(_FAIL_ODD), job_id="j").result(timeout=20)
    overrides = run_v2.RunJobRequest.Overrides(task_count=3, timeout=timedelta(minutes=1))
    started = jobs.run_job(run_v2.RunJobRequest(name=f"{JOBS}/j", overrides=overrides))
    name = started.metadata.name
    assert started.exception(timeout=60) is not None or started.result().failed_count == 1
    found = executions.get_execution(name=name)
    assert (found.task_count, found.succeeded_count, found.failed_count) == (3, 2, 1)
    assert [it.name for it in executions.list_executions(parent=f"{JOBS}/j")] == [name]
    tasks = run_v2.TasksClient(transport=TasksGrpcTransport(channel=channel))
    listed = {it.index: it.last_attempt_result.exit_code for it in tasks.list_tasks(parent=name)}
    assert listed == {0: 0, 1: 1, 2: 0}


def test_what_an_execution_printed(jobs, channel):
    said = 'print(\'plain\'); print(\'{"message": "odd", "a": [1, {}], "severity": "ERROR"}\')'
    jobs.create_job(parent=LOCATION, job=job(said), job_id="j").result(timeout=20)
    jobs.run_job(name=f"{JOBS}/j").result(timeout=60)
    logs = LoggingServiceV2Client(transport=LoggingServiceV2GrpcTransport(channel=channel))
    request = {
        "resource_names": ["projects/test"],
        "filter": 'resource.type="cloud_run_job" AND resource.labels.job_name="j"',
    }
    plain, odd = logs.list_log_entries(request)
    assert (plain.text_payload, odd.json_payload["a"][0]) == ("plain", 1)
    assert odd.severity == LogSeverity.ERROR
    assert odd.resource.labels["job_name"] == "j"


def test_a_service(channel):
    services = run_v2.ServicesClient(transport=ServicesGrpcTransport(channel=channel))
    template = run_v2.RevisionTemplate(containers=[run_v2.Container(image="any")])
    service = run_v2.Service(template=template)
    made = services.create_service(parent=LOCATION, service=service, service_id="s")
    name = made.result(timeout=20).name
    assert name == f"{LOCATION}/services/s"
    assert services.get_service(name=name).uri
    assert [it.name for it in services.list_services(parent=LOCATION)] == [name]
    services.delete_service(name=name).result(timeout=20)
    with pytest.raises(exceptions.NotFound):
        services.get_service(name=name)


def test_an_execution_is_cancelled(jobs, executions):
    sleeps = "import signal; signal.pause()"
    jobs.create_job(parent=LOCATION, job=job(sleeps), job_id="j").result(timeout=20)
    name = jobs.run_job(name=f"{JOBS}/j").metadata.name
    executions.cancel_execution(name=name).result(timeout=60)
    assert executions.get_execution(name=name).cancelled_count == 1


def test_what_is_wrong_is_told_as_over_http(jobs):
    with pytest.raises(exceptions.InvalidArgument):
        jobs.create_job(parent=LOCATION, job=job("pass", retries=11), job_id="j")
    jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j").result(timeout=20)
    with pytest.raises(exceptions.AlreadyExists):
        jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j")


@pytest.mark.parametrize(
    "name", ["", "x", "projects/p", f"{LOCATION}/jobs/a/b", f"{LOCATION}/jobs/"]
)
def test_a_name_that_no_path_could_hold_is_refused(jobs, name):
    with pytest.raises(exceptions.InvalidArgument, match="name"):
        jobs.get_job(name=name)
    with pytest.raises(exceptions.InvalidArgument, match=r"job\.name"):
        jobs.update_job(job=run_v2.Job(name=name), retry=None)
    with pytest.raises(exceptions.InvalidArgument, match="parent"):
        jobs.create_job(parent=name, job_id="j", job=run_v2.Job())


def test_operations_are_listed_waited_for_and_deleted(jobs):
    jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j").result(timeout=20)
    name = jobs.run_job(name=f"{JOBS}/j").operation.name
    wait = WaitOperationRequest(name=name, timeout=Duration(seconds=20))
    waited = Operation.FromString(jobs.wait_operation(wait))  # this client leaves the bytes to us
    assert (waited.name, waited.done) == (name, True)
    listed = jobs.list_operations(ListOperationsRequest(name=LOCATION)).operations
    assert name in [it.name for it in listed]
    jobs.delete_operation(DeleteOperationRequest(name=name))
    with pytest.raises(exceptions.NotFound):
        jobs.get_operation(GetOperationRequest(name=name))


def test_policies_are_kept(jobs, queues):
    jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j").result(timeout=20)
    queues.create_queue(parent=LOCATION, queue=tasks_v2.Queue(name=QUEUE))
    bindings = [{"role": "roles/run.invoker", "members": ["user:a@example.com"]}]
    for client, resource in ((jobs, f"{JOBS}/j"), (queues, QUEUE)):
        policy = {"resource": resource, "policy": {"bindings": bindings}}
        assert client.set_iam_policy(policy).etag
        assert client.get_iam_policy({"resource": resource}).bindings[0].role == "roles/run.invoker"
        asked = {"resource": resource, "permissions": ["run.jobs.run"]}
        assert client.test_iam_permissions(asked).permissions == ["run.jobs.run"]


# --- Cloud Tasks


def test_a_queue_and_its_tasks(queues):
    made = queues.create_queue(
        parent=LOCATION,
        queue=tasks_v2.Queue(
            name=QUEUE, rate_limits=tasks_v2.RateLimits(max_dispatches_per_second=1.5)
        ),
    )
    assert made.rate_limits.max_dispatches_per_second == 1.5
    assert made.retry_config.max_backoff == timedelta(hours=1)
    assert queues.pause_queue(name=QUEUE).state == tasks_v2.Queue.State.PAUSED
    changed = tasks_v2.Queue(name=QUEUE, retry_config=tasks_v2.RetryConfig(max_attempts=3))
    mask = FieldMask(paths=["retry_config.max_attempts"])
    queues.update_queue(queue=changed, update_mask=mask)
    found = queues.get_queue(name=QUEUE)
    assert found.retry_config.max_attempts == 3
    assert found.rate_limits.max_dispatches_per_second == 1.5
    request = tasks_v2.HttpRequest(url="http://127.0.0.1:1/x", body=b"\x00\xff")
    task = queues.create_task(parent=QUEUE, task=tasks_v2.Task(http_request=request))
    full = queues.get_task(
        tasks_v2.GetTaskRequest(name=task.name, response_view=tasks_v2.Task.View.FULL)
    )
    assert full.http_request.body == b"\x00\xff"
    assert [it.name for it in queues.list_tasks(parent=QUEUE)] == [task.name]
    queues.delete_task(name=task.name)
    with pytest.raises(exceptions.NotFound):
        queues.get_task(name=task.name)
    queues.delete_queue(name=QUEUE)
    assert list(queues.list_queues(parent=LOCATION)) == []


# --- Cloud Scheduler


def test_a_schedule(schedules):
    name = f"{LOCATION}/jobs/s"
    target = scheduler_v1.HttpTarget(
        uri=f"https://run.googleapis.com/v2/{JOBS}/j:run",
        http_method=scheduler_v1.HttpMethod.POST,
        oauth_token=scheduler_v1.OAuthToken(service_account_email="s@p.iam.gserviceaccount.com"),
    )
    asked = scheduler_v1.Job(
        name=name, schedule="30 0 * * *", time_zone="Europe/Berlin", http_target=target
    )
    made = schedules.create_job(parent=LOCATION, job=asked)
    assert (made.schedule, made.time_zone) == ("30 0 * * *", "Europe/Berlin")
    assert made.http_target.oauth_token.service_account_email == "s@p.iam.gserviceaccount.com"
    assert schedules.pause_job(name=name).state == scheduler_v1.Job.State.PAUSED
    assert schedules.resume_job(name=name).state == scheduler_v1.Job.State.ENABLED
    changed = scheduler_v1.Job(name=name, schedule="0 1 * * *")
    schedules.update_job(job=changed, update_mask=FieldMask(paths=["schedule"]))
    assert [it.schedule for it in schedules.list_jobs(parent=LOCATION)] == ["0 1 * * *"]
    schedules.delete_job(name=name)
    with pytest.raises(exceptions.NotFound):
        schedules.get_job(name=name)


def test_a_job_and_a_schedule_may_have_the_same_name(jobs, schedules):
    made = jobs.create_job(parent=LOCATION, job=job("pass"), job_id="j").result(timeout=20)
    target = scheduler_v1.HttpTarget(uri="http://127.0.0.1:1/x")
    asked = scheduler_v1.Job(name=made.name, schedule="0 1 * * *", http_target=target)
    assert schedules.create_job(parent=LOCATION, job=asked).name == made.name
    assert [it.schedule for it in schedules.list_jobs(parent=LOCATION)] == ["0 1 * * *"]
    assert [it.uid for it in jobs.list_jobs(parent=LOCATION)] == [made.uid]
    schedules.delete_job(name=made.name)
    assert jobs.get_job(name=made.name).uid == made.uid
