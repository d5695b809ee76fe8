"""What starts jobs by the clock: Cloud Scheduler, or `runjobs serve`."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from common.dispatch.schedules.base import Applied, Entry, NoSuchSchedule, Place, Schedules
from common.errors import Misconfigured
from common.runtime.discover import all_jobs, find_job
from common.runtime.log import Log
from common.runtime.scheduled import scheduled

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.dispatch.schedules.cron import Cron
    from common.runs import Run
    from common.runs.firings import Scheduled
    from common.services import Services

__all__ = [
    # the seam
    "Applied",
    "Entry",
    "NoSuchSchedule",
    "Place",
    "Schedules",
    # backends
    "open_cron",
    "open_schedules",
    # what is declared
    "declared",
]  # fmt: skip


def open_schedules(services: Services, submit: Callable[[Run], Run] = lambda run: run) -> Schedules:
    """The schedules that RUNJOBS_SCHEDULES names; `submit` is the dispatcher's, without which runs
    are left to a sweep."""
    from common.runs.firings import Firings

    firings = Firings(services.runs)
    if services.settings.schedules == "cloud-scheduler":
        from common.dispatch.google import endpoint
        from common.dispatch.schedules.cloud_scheduler import CloudScheduler

        imitation = endpoint("SCHEDULER")
        return CloudScheduler(firings, _find, services.settings, endpoint=imitation)
    from common.dispatch.schedules.local import LocalSchedules

    return LocalSchedules(firings, partial(_ready, services), submit)


def open_cron(services: Services, submit: Callable[[Run], Run]) -> Cron | None:
    """What fires the schedules of this machine's jobs; None where the platform does."""
    schedules = open_schedules(services, submit)
    if not schedules.driven:
        return None
    from common.dispatch.schedules.cron import Cron

    return Cron(schedules, declared(), submit, check=partial(_ready, services))


@cache
def declared() -> tuple[Scheduled, ...]:
    """All jobs here that have a schedule; those that cannot be loaded are told of once."""
    return tuple(scheduled(job) for job in all_jobs(_broken) if job.schedule is not None)


def _find(name: str) -> Scheduled:
    return scheduled(find_job(name))


def _ready(services: Services, name: str) -> Scheduled:
    """A job that is about to fire on this machine. Raises Misconfigured where it could not run."""
    job = find_job(name)
    if services.settings.executor == "local":
        job.check()  # its tasks have the packages that are here
    if job.limits is not None:
        services.queues.declare(job.queue, job.limits)
    return scheduled(job)


def _broken(name: str, error: Misconfigured) -> None:
    Log().error(str(error), action="job-broken", job=name)
