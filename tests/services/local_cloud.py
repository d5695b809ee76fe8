"""The real local cloud, served within a test's own process, with faults on command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc

from common.dispatch.google import access
from common.documents import Documents, open_documents
from common.localcloud.cloud import LocalCloud
from common.localcloud.grpc import grpc_serving
from common.localcloud.store import Resource, Store
from common.settings import Settings
from tests.services.faulty import Faults, FaultyGrpc, FaultyHttp

LOCATION = "projects/test/locations/us-central1"
JOBS = f"{LOCATION}/jobs"
QUEUE = f"{LOCATION}/queues/runjobs-wakeups"
ENVIRONMENT = {"GOOGLE_CLOUD_PROJECT": "test"}


class Platform:
    """The local cloud of a test."""

    def __init__(self, cloud: LocalCloud, faults: Faults) -> None:
        self.cloud = cloud
        self.faults = faults
        self.url = ""

    @property
    def store(self) -> Store:
        """What was made, and what a test says was."""
        return self.cloud.store

    @contextmanager
    def channel(self) -> Iterator[grpc.Channel]:
        """Speak gRPC too while the block does."""
        interceptors = [FaultyGrpc(self.faults)]
        with grpc_serving(self.cloud.rpcs, interceptors=interceptors) as address:
            with grpc.insecure_channel(address) as channel:
                yield channel
            self.faults.late.set()

    def deploy(self, job: str, command: Sequence[str], **variables: str) -> None:
        """Make a job whose tasks run a command of ours, once each."""
        from google.cloud import run_v2

        env = {"LOG_LEVEL": "info", **variables}
        container = run_v2.Container(
            image="noop",
            command=command,
            env=[run_v2.EnvVar(name=name, value=value) for name, value in env.items()],
        )
        task = run_v2.TaskTemplate(containers=[container], max_retries=0)
        template = run_v2.ExecutionTemplate(template=task)
        jobs = run_v2.JobsClient(transport="rest", **access(self.url))
        jobs.create_job(parent=LOCATION, job_id=job, job=run_v2.Job(template=template)).result()
        self.faults.requests.clear()

    def make_queue(self) -> None:
        """Make the queue of wake-ups."""
        from google.cloud import tasks_v2

        queues = tasks_v2.CloudTasksClient(transport="rest", **access(self.url))
        queues.create_queue(parent=LOCATION, queue=tasks_v2.Queue(name=QUEUE))
        self.faults.requests.clear()

    def turn(self) -> float:
        """Do what is due; returns the seconds until there may be more to do."""
        return min(agenda.turn() for agenda in self.cloud.agendas)

    def tasks(self) -> list[Resource]:
        """The wake-ups that wait, the newest first."""
        return [*self.store.all(f"{QUEUE}/tasks")]

    def executions(self, job: str) -> list[Resource]:
        """Those that were started, the newest first."""
        return [*self.store.all(f"{JOBS}/{job}/executions")]

    def folder(self, execution: str) -> Path:
        """Where it runs."""
        return self.cloud.settings.home / "executions" / execution


@contextmanager
def serving(settings: Settings, documents: Documents, *, acting: bool = True) -> Iterator[Platform]:
    """Serve a store's resources over HTTP while the block does.

    Without `acting` it does nothing by itself: a test has it take its turns, within which all that
    it begins ends.
    """
    faults, cloud = Faults(), LocalCloud(settings, documents)
    platform = Platform(cloud, faults)
    cloud.rest = FaultyHttp(cloud.rest, faults)
    if not acting:
        cloud.clockwork.start = lambda: None
        cloud.tasks.engine._deliveries._start = lambda work: work()
    with cloud.serving() as platform.url:
        try:
            yield platform
        finally:
            faults.late.set()


@contextmanager
def serving_home(home: Path, **environ: str) -> Iterator[Platform]:
    """Serve what is kept in a folder."""
    settings = Settings.load({"RUNJOBS_HOME": str(home), **ENVIRONMENT, **environ})
    documents = open_documents(settings.documents)
    try:
        with serving(settings, documents) as platform:
            yield platform
    finally:
        documents.close()
