"""Cloud Run over real connections, with processes that do as a test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import run_v2

from common.dispatch.google import access
from common.documents import Documents, open_documents
from common.listening import listening
from common.localcloud.rest import Rest
from common.localcloud.run import CloudRun, Engine
from common.localcloud.store import Store
from tests.dispatch.backends import await_unlocked, settings
from tests.dispatch.puppets import Puppets, stage

LOCATION = "projects/test/locations/us-central1"
JOB = f"{LOCATION}/jobs/j"


class Served:
    """One server of the local cloud, and Google's clients for it."""

    def __init__(self, run: CloudRun, url: str) -> None:
        self.run = run
        self.url = url
        self.jobs = run_v2.JobsClient(transport="rest", **access(url))
        self.executions = run_v2.ExecutionsClient(transport="rest", **access(url))
        self.tasks = run_v2.TasksClient(transport="rest", **access(url))

    def make(self, id: str, container: dict[str, Any], **task: Any) -> run_v2.Job:
        """A job of one container."""
        return self.jobs.create_job(
            parent=LOCATION, job_id=id, job=a_job(container, **task)
        ).result()

    def start(self, job: str, **overrides: Any) -> run_v2.Execution:
        """An execution of it, as it was when it had just been started."""
        request = {"name": f"{LOCATION}/jobs/{job}", "overrides": overrides}
        return self.jobs.run_job(request).metadata

    def find(self, execution: run_v2.Execution) -> run_v2.Execution:
        """How it stands now."""
        return self.executions.get_execution(name=execution.name)

    def settle(self, execution: run_v2.Execution) -> run_v2.Execution:
        """Once it has ended, which its tasks are known to do."""
        await_unlocked(self.run.engine.folder(execution.name.rpartition("/")[2]).path / "lock")
        return self.find(execution)


def a_job(container: dict[str, Any], *, tasks: int = 1, parallelism: int = 0, **task: Any) -> Any:
    """As Google's client sends it."""
    template = {"containers": [{"image": "ours", **container}], **task}
    return run_v2.Job(
        template={"task_count": tasks, "parallelism": parallelism, "template": template}
    )


def cloud_run(home: Path, documents: Documents, **environ: str) -> CloudRun:
    told = settings(home, **environ)
    return CloudRun(told, Store(documents), engine=Engine(told, grace=0.2))


@pytest.fixture
def ledger(tmp_path) -> Iterator[Documents]:
    documents = open_documents(settings(tmp_path).documents)
    yield documents
    documents.close()


@pytest.fixture
def run(tmp_path, ledger) -> CloudRun:
    """One that is asked without a server."""
    return cloud_run(tmp_path, ledger)


@pytest.fixture
def served(tmp_path, ledger) -> Iterator[Served]:
    run = cloud_run(tmp_path, ledger)
    with listening(Rest(run.rpcs)) as (host, port):
        yield Served(run, f"http://{host}:{port}")


@pytest.fixture
def puppets() -> Iterator[Puppets]:
    with stage() as puppets:
        yield puppets


@pytest.fixture
def puppet(puppets) -> dict[str, Any]:
    """The container of a puppet."""
    return {"command": puppets.command}
