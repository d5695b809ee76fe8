"""What a container runs: python -m jobs NAME [--param value ...]

Three ways lead here. A dispatcher reserved runs and started an execution for them: its task claims
the one at its index. Someone started the job by hand: the task makes its own run, whose id comes
from execution and index, so that the same task tried again is the same run. Cloud Scheduler did:
the run is that of the moment which has come, and a start too many leaves without one.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from common.errors import InvalidInput, Misconfigured, RunjobsError
from common.ids import derived_id, random_id
from common.runs import LeaseLost, NotClaimable, Run, Worker
from common.runs.records import evolve
from common.runtime.declare import Job
from common.runtime.discover import find_job
from common.runtime.log import Log, configure, relabel
from common.runtime.output import OutputIndex
from common.runtime.perform import threads_left
from common.runtime.shift import Shift
from common.runtime.signals import Signals
from common.runtime.submission import new_run
from common.services import Look, Services
from common.settings import Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["BY_SCHEDULE", "main"]

EXECUTION = "RUNJOBS_EXECUTION"
"""Our id of the execution, by which a dispatcher tells its tasks what they are reserved for."""
BY_SCHEDULE = "RUNJOBS_SCHEDULED"
"""Set where Cloud Scheduler has started the task, for the moment that has just come."""

_BEGAN = time.monotonic()


@dataclass(frozen=True, slots=True)
class Task:
    """Which task of which execution this process is: https://cloud.google.com/run/docs/container-contract"""

    job: str
    worker: Worker
    count: int
    """Of the execution's tasks."""

    @classmethod
    def load(cls, env: Mapping[str, str]) -> Task:
        """From the variables that Cloud Run sets, and ours."""
        return cls(
            job=env.get("CLOUD_RUN_JOB", ""),
            worker=Worker(
                execution=env.get(EXECUTION),
                name=env.get("CLOUD_RUN_EXECUTION") or f"local-{os.getpid()}",
                task=_number(env, "CLOUD_RUN_TASK_INDEX"),
                task_attempt=_number(env, "CLOUD_RUN_TASK_ATTEMPT"),
            ),
            count=max(1, _number(env, "CLOUD_RUN_TASK_COUNT")),
        )


def main(argv: list[str] | None = None, *, look: Look | None = None) -> int:
    """Run a task to its end; returns the process's exit code.

    `look` has a queue looked at by whoever starts executions: this room knows none.
    """
    before = set(threading.enumerate())
    try:
        code = _main(sys.argv[1:] if argv is None else argv, look)
    except RunjobsError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201 - for people, or before there is a log
        code = error.exit_code
    _leave_threads(before, code)
    return code


def _main(arguments: list[str], look: Look | None) -> int:
    settings = Settings.load()
    services = Services(settings, look=look)
    configure(as_json=settings.in_cloud, labels={}, project=settings.project)
    try:
        return _work(services, arguments)
    except RunjobsError as error:
        if not settings.in_cloud:
            raise
        Log().error(str(error), action="refused")
        return error.exit_code
    finally:
        services.close()


def _work(services: Services, arguments: list[str]) -> int:
    task = Task.load(os.environ)
    named = bool(arguments) and not arguments[0].startswith("-")
    name = arguments[0] if named else task.job
    if not name:
        raise InvalidInput("Which job? Say python -m jobs NAME; `runjobs jobs` lists them.")
    job = find_job(name)
    job.check()
    try:
        claim = _claim(job, task, services, arguments[named:])
        with Signals() as signals:
            run = claim()
            _collect_garbage()
            shift = Shift(
                job,
                services,
                task.worker,
                signals,
                tasks=task.count,
                began=_BEGAN,
                on_run=partial(_begins, services.settings, task.worker, OutputIndex.from_environ()),
            )
            return shift.work(run)
    except (NotClaimable, LeaseLost) as error:
        # Another task has it, which is as it should be when a start is doubled.
        Log().warning(str(error), action=getattr(error, "action", "not-mine"))
        return 0


def _claim(job: Job, task: Task, services: Services, options: list[str]) -> Callable[[], Run]:
    """How to claim this task's run: the one reserved for it, or else one of its own making.

    That is a new one, or the same task's when it is tried again. Where the execution has several
    tasks, it is a part of what they do together.
    """
    worker = task.worker
    if worker.execution is not None:
        return partial(services.runs.claim, _reserved(job, worker, services), worker)
    params = _params(job, options)
    if os.environ.get(BY_SCHEDULE):
        return _firing(job, worker, services, params)
    own = new_run(job, params, id=_own_id(job, worker), now=services.documents.now())
    if task.count > 1 and os.environ.get("CLOUD_RUN_EXECUTION"):
        first = _own_id(job, replace(worker, task=0))
        own = evolve(own, part=worker.task, parts=task.count, whole=first)
    return partial(services.runs.begin, own, worker)


def _firing(
    job: Job, worker: Worker, services: Services, params: BaseModel | None
) -> Callable[[], Run]:
    """How to claim the run of the moment for which Cloud Scheduler has started this task."""
    if job.schedule is None:
        raise NotClaimable(
            f"{job.name} declares no schedule any more, and Cloud Scheduler starts it still: "
            "`runjobs deploy --prune` removes that."
        )
    from common.runs.firings import Firings
    from common.runtime.scheduled import scheduled

    return partial(Firings(services.runs).begin, scheduled(job, params), worker)


def _reserved(job: Job, worker: Worker, services: Services) -> str:
    execution = services.runs.execution(worker.execution or "")
    if execution is None or worker.task >= len(execution.runs):
        raise NotClaimable(f"Nothing is reserved for task {worker.task} of {worker.execution}.")
    if execution.job != job.name:
        raise Misconfigured(
            f"Execution {execution.id} is of {execution.job}, but {job.name} was started for it: "
            "its container must run python -m jobs without another job's name."
        )
    return execution.runs[worker.task]


def _params(job: Job, options: list[str]) -> BaseModel | None:
    if not options:
        return job.validate({})
    from common.runtime.command import parse

    return parse(job, options)


def _own_id(job: Job, worker: Worker) -> str:
    """The platform's name for the execution makes the id; without a platform each start is new."""
    if not os.environ.get("CLOUD_RUN_EXECUTION"):
        return random_id()
    return derived_id("execution", job.name, worker.name, str(worker.task))


def _begins(settings: Settings, worker: Worker, index: OutputIndex, run: Run) -> None:
    """What is printed and logged from now on is of that run."""
    index.begins(run.id)
    labels = {
        "job": run.job,
        "run": run.id,
        "attempt": str(len(run.attempts)),
        "execution": worker.name,
        "task": str(worker.task),
    }
    relabel(labels, settings.project)


def _collect_garbage() -> None:
    """From now on, and not among what was imported: that is there to stay."""
    gc.freeze()
    gc.enable()


def _number(env: Mapping[str, str], name: str) -> int:
    value = env.get(name) or "0"
    if not (value.isascii() and value.isdigit()):
        raise Misconfigured(f"{name}={value} is no number: leave it to Cloud Run to set it.")
    return int(value)


def _leave_threads(before: set[threading.Thread], code: int) -> None:
    """End the process despite threads that the job left behind: Python would wait for them."""
    if left := threads_left(before):
        Log().warning(f"Threads were left behind: {len(left)}.", action="threads-left")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
