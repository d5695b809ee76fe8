"""Several real processes serve one store, and are killed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from common.documents import open_documents
from common.localcloud.calls import Calls
from common.localcloud.store import Store
from common.localcloud.tasks.engine import Engine
from common.localcloud.tasks.names import Names
from tests.localcloud.target import on_sqlite
from tests.localcloud.worker import Worker, working

LOCATION = "projects/test/locations/us-central1"
QUEUE = f"{LOCATION}/queues/q"


@pytest.fixture
def worker() -> Iterator[Worker]:
    with working() as it:
        yield it


@contextmanager
def serving(documents_url: str, home) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.localcloud.tasks.server", documents_url, str(home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(30)


def post(url: str, path: str, **body) -> None:
    httpx.post(f"{url}/v2/{path}", json=body, timeout=60).raise_for_status()


def names(worker: Worker) -> Counter[str]:
    return Counter(got.headers["x-cloudtasks-taskname"] for got in worker.got)


@on_sqlite
def test_two_processes_deliver_each_task_once_and_keep_the_queues_limit(
    documents_url, tmp_path, worker
):
    with (
        serving(documents_url, tmp_path) as (_, first),
        serving(documents_url, tmp_path) as (_, second),
    ):
        limits = {"maxConcurrentDispatches": 4}
        post(first, f"{LOCATION}/queues", name=QUEUE, rateLimits=limits)
        for number in range(60):
            task = {"name": f"{QUEUE}/tasks/t{number}", "httpRequest": {"url": worker.url}}
            post((first, second)[number % 2], f"{QUEUE}/tasks", task=task)
        worker.wait(60, seconds=90)
    assert names(worker) == {f"t{number}": 1 for number in range(60)}
    assert worker.most <= 4


def later(documents_url: str, seconds: float) -> tuple[Engine, Callable[[], None]]:
    """An engine of a process that begins so much later, and how to end it."""
    documents = open_documents(documents_url)
    now = documents._now
    documents._now = lambda: now() + timedelta(seconds=seconds)
    store = Store(documents)
    calls = Calls.over_http(store, own=str, tell=lambda: None)
    return Engine(store, Names(store), calls), documents.close


@on_sqlite
def test_what_a_killed_process_was_delivering_is_delivered_by_the_next(
    documents_url, tmp_path, worker
):
    worker.open.clear()
    with serving(documents_url, tmp_path) as (process, url):
        post(url, f"{LOCATION}/queues", name=QUEUE)
        for id in "abc":
            post(url, f"{QUEUE}/tasks", task={"name": f"{QUEUE}/tasks/{id}",
                                              "httpRequest": {"url": worker.url}})  # fmt: skip
        worker.wait(3)
        process.kill()
    worker.open.set()
    soon, close = later(documents_url, 20)
    soon.turn()
    assert names(worker) == {"a": 1, "b": 1, "c": 1}  # it might yet live
    close()
    after, close = later(documents_url, 40)
    after.turn()
    worker.wait(6)
    assert names(worker) == {"a": 2, "b": 2, "c": 2}
    retries = [got.headers["x-cloudtasks-taskretrycount"] for got in worker.got[3:]]
    assert retries == ["1", "1", "1"]
    assert after._deliveries.wait(30)
    close()
