"""The real gcloud makes queues, tasks and schedules, and the local cloud does what they say."""

from __future__ import annotations

import uuid

import pytest

from tests.localcloud.worker import working

HERE = "--location=us-central1"


@pytest.fixture
def name() -> str:
    return f"it-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def worker():
    with working() as it:
        yield it


@pytest.fixture
def tasks(gcloud):
    return lambda *words: gcloud.ok("tasks", *words, HERE, "--format=json").json


@pytest.fixture
def jobs(gcloud):
    return lambda *words: gcloud.ok("scheduler", "jobs", *words, HERE, "--format=json").json


def test_a_queue_is_created_found_updated_paused_purged_and_deleted(gcloud, tasks, name):
    limits = ("--max-dispatches-per-second=2.5", "--max-concurrent-dispatches=5")
    retries = ("--max-attempts=7", "--min-backoff=2s", "--max-backoff=60s", "--max-doublings=3")
    gcloud.ok("tasks", "queues", "create", name, HERE, *limits, *retries)
    again = gcloud("tasks", "queues", "create", name, HERE)
    described = tasks("queues", "describe", name)
    listed = tasks("queues", "list")
    assert (again.code, "already exists" in again.stderr) == (1, True)
    assert described in listed
    assert described["rateLimits"]["maxDispatchesPerSecond"] == 2.5
    assert described["retryConfig"] == {
        "maxAttempts": 7,
        "minBackoff": "2s",
        "maxBackoff": "60s",
        "maxDoublings": 3,
    }
    gcloud.ok("tasks", "queues", "update", name, HERE, "--max-attempts=unlimited")
    gcloud.ok("tasks", "queues", "pause", name, HERE)
    paused = tasks("queues", "describe", name)
    assert (paused["state"], paused["retryConfig"]["maxAttempts"]) == ("PAUSED", -1)
    assert paused["rateLimits"] == described["rateLimits"]
    gcloud.ok("tasks", "queues", "resume", name, HERE)
    gcloud.ok("tasks", "queues", "purge", name, HERE)
    gcloud.ok("tasks", "queues", "get-iam-policy", name, HERE)
    resumed = tasks("queues", "describe", name)
    assert (resumed["state"], "purgeTime" in resumed) == ("RUNNING", True)
    gcloud.ok("tasks", "queues", "delete", name, HERE)
    gone = gcloud("tasks", "queues", "describe", name, HERE)
    assert (gone.code, "NOT_FOUND" in gone.stderr) == (1, True)


def test_a_task_is_created_found_run_and_deleted(gcloud, tasks, name, worker):
    gcloud.ok("tasks", "queues", "create", name, HERE)
    queue = f"--queue={name}"
    later = ("--schedule-time=2030-01-01T00:00:00Z",)
    http = (f"--url={worker.url}/do", "--method=PUT", "--header=A: b", "--body-content=hello")
    refused = gcloud("tasks", "create-http-task", "far", queue, HERE, *http, *later)
    assert (refused.code, "30 days" in refused.stderr) == (1, True)
    gcloud.ok("tasks", "queues", "pause", name, HERE)
    account = "--oidc-service-account-email=caller@local.iam.gserviceaccount.com"
    gcloud.ok("tasks", "create-http-task", "one", queue, HERE, *http, account)
    gcloud.ok("tasks", "create-http-task", "two", queue, HERE, *http)
    listed = tasks("list", queue)
    full = tasks("describe", "one", queue, "--response-view=full")
    assert {task["name"].rpartition("/")[2] for task in listed} == {"one", "two"}
    assert full["httpRequest"]["body"] == "aGVsbG8="
    gcloud.ok("tasks", "run", "one", queue, HERE)
    gcloud.ok("tasks", "delete", "two", queue, HERE)
    (got,) = worker.wait(1)
    assert (got.method, got.path, got.body, got.headers["a"]) == ("PUT", "/do", b"hello", "b")
    assert got.headers["x-cloudtasks-taskname"] == "one"
    assert got.headers["authorization"].startswith("Bearer ey")
    again = gcloud("tasks", "create-http-task", "two", queue, HERE, *http)
    assert (again.code, "too recently" in again.stderr) == (1, True)


def test_a_schedule_is_created_found_updated_paused_run_and_deleted(gcloud, jobs, name, worker):
    made = jobs(
        "create", "http", name, "--schedule=30 2 * * *", "--time-zone=Europe/Berlin",
        f"--uri={worker.url}/fire", "--http-method=POST", "--message-body={}", "--headers=A=b",
        "--max-retry-attempts=3", "--min-backoff=10s", "--attempt-deadline=1m",
    )  # fmt: skip
    assert (made["state"], made["attemptDeadline"]) == ("ENABLED", "60s")
    assert made["retryConfig"]["retryCount"] == 3
    same = ("--schedule=* * * * *", f"--uri={worker.url}")
    again = gcloud("scheduler", "jobs", "create", "http", name, HERE, *same)
    listed = jobs("list")
    described = jobs("describe", name)
    assert (again.code, "already exists" in again.stderr) == (1, True)
    assert described == made
    assert made in listed
    changed = jobs("update", "http", name, "--schedule=0 3 * * *", "--update-headers=C=d")
    assert changed["schedule"] == "0 3 * * *"
    assert changed["retryConfig"] == made["retryConfig"]
    assert changed["httpTarget"]["headers"].items() >= {"A": "b", "C": "d"}.items()
    gcloud.ok("scheduler", "jobs", "pause", name, HERE)
    assert jobs("describe", name)["state"] == "PAUSED"
    gcloud.ok("scheduler", "jobs", "run", name, HERE)
    (got,) = worker.wait(1)
    assert (got.path, got.body, got.headers["c"]) == ("/fire", b"{}", "d")
    gcloud.ok("scheduler", "jobs", "resume", name, HERE)
    assert jobs("describe", name)["state"] == "ENABLED"
    gcloud.ok("scheduler", "jobs", "delete", name, HERE)
    gone = gcloud("scheduler", "jobs", "describe", name, HERE)
    assert (gone.code, "NOT_FOUND" in gone.stderr) == (1, True)


def test_a_schedule_in_english_is_refused_clearly(gcloud, name, worker):
    refused = gcloud(
        "scheduler", "jobs", "create", "http", name, HERE,
        "--schedule=every 5 minutes", f"--uri={worker.url}",
    )  # fmt: skip
    assert (refused.code, "five fields" in refused.stderr) == (1, True)
