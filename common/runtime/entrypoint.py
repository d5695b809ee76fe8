"""What a container runs: python -m jobs NAME [--param value ...]

Three ways lead here. A dispatcher reserved runs and started an execution for them: its task claims
the one at its index. Someone started the job by hand, or Cloud Scheduler did: the task makes its
own run, whose id comes from execution and index, so that the same task tried again is the same run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from common.errors import InvalidInput, RunjobsError
from common.ids import derived_id, random_id
from common.runs import LeaseLost, NotClaimable, Run, State, Worker
from common.runtime.declare import Job
from common.runtime.discover import find_job
from common.runtime.log import Log, configure
from common.runtime.perform import INTERRUPTED, perform
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings

__all__ = ["main", "own_run"]

EXECUTION = "RUNJOBS_EXECUTION"
"""Our id of the execution, by which a dispatcher tells its tasks what they are reserved for."""


@dataclass(frozen=True, slots=True)
class Task:
    """Which task of which execution this process is: https://cloud.google.com/run/docs/container-contract"""

    job: str
    worker: Worker

    @classmethod
    def load(cls, env: Mapping[str, str]) -> Task:
        """From the variables that Cloud Run sets, and ours."""
        return cls(
            job=env.get("CLOUD_RUN_JOB", ""),
            worker=Worker(
                execution=env.get(EXECUTION),
                name=env.get("CLOUD_RUN_EXECUTION") or f"local-{os.getpid()}",
                task=int(env.get("CLOUD_RUN_TASK_INDEX") or 0),
                task_attempt=int(env.get("CLOUD_RUN_TASK_ATTEMPT") or 0),
            ),
        )


def main(argv: list[str] | None = None) -> int:
    """Run a task to its end; returns the process's exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _main(arguments)
    except RunjobsError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201 - before there is a log
        return error.exit_code


def _main(arguments: list[str]) -> int:
    task = Task.load(os.environ)
    named = bool(arguments) and not arguments[0].startswith("-")
    name = arguments[0] if named else task.job
    if not name:
        raise InvalidInput("Which job? Say python -m jobs NAME; `runjobs jobs` lists them.")
    job, settings = find_job(name), Settings.load()
    services = Services(settings)
    try:
        return _work(job, task.worker, services, arguments[named:])
    finally:
        services.close()


def _work(job: Job, worker: Worker, services: Services, options: list[str]) -> int:
    _log(services.settings, job, worker, None)
    try:
        run = _claim(job, worker, services, options)
        _log(services.settings, job, worker, run)
        return _exit_code(perform(job, services, run))
    except (NotClaimable, LeaseLost) as error:
        # Another task has it, which is as it should be when a start is doubled.
        Log().warning(str(error), action="not-mine")
        return 0


def _claim(job: Job, worker: Worker, services: Services, options: list[str]) -> Run:
    if worker.execution is not None:
        return services.runs.claim(_reserved(worker, services), worker)
    return own_run(job, worker, services, options)


def _reserved(worker: Worker, services: Services) -> str:
    execution = services.runs.execution(worker.execution or "")
    if execution is None or worker.task >= len(execution.runs):
        raise NotClaimable(f"Nothing is reserved for task {worker.task} of {worker.execution}.")
    return execution.runs[worker.task]


def own_run(job: Job, worker: Worker, services: Services, options: list[str]) -> Run:
    """A run for the task that asks, claimed: new, or the same task's when it is tried again."""
    from common.runtime.command import parse

    params = parse(job, options)
    run = new_run(job, params, id=_own_id(job, worker), now=services.documents.now())
    return services.runs.begin(run, worker)


def _own_id(job: Job, worker: Worker) -> str:
    """The platform's name for the execution makes the id; without a platform each start is new."""
    if "CLOUD_RUN_EXECUTION" not in os.environ:
        return random_id()
    return derived_id("execution", job.name, worker.name, str(worker.task))


def _log(settings: Settings, job: Job, worker: Worker, run: Run | None) -> None:
    labels = {
        "job": job.name,
        "run": run.id if run else "",
        "attempt": str(len(run.attempts)) if run else "",
        "execution": worker.name,
        "task": str(worker.task),
    }
    configure(as_json=settings.in_cloud, labels=labels, project=settings.project)


def _exit_code(run: Run) -> int:
    if run.state is State.SUCCEEDED:
        return 0
    interrupted = run.state is State.PENDING and run.attempts[-1].error is None
    return INTERRUPTED if interrupted else 1
