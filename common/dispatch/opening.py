"""The dispatcher that the settings name, over one process's services."""

from __future__ import annotations

from common.dispatch.dispatcher import Dispatcher
from common.dispatch.executors import Executor, open_executor
from common.dispatch.governor import FREE, Governor, is_refused, starts
from common.dispatch.wakeups import open_wakeups
from common.services import Services

__all__ = ["open_dispatcher"]


def open_dispatcher(services: Services, executor: Executor | None = None) -> Dispatcher:
    """A dispatcher; raises Misconfigured where its executor or its wake-ups cannot be had."""
    settings = services.settings
    executor = executor or open_executor(settings)  # first: where it cannot be had, none is made
    return Dispatcher(
        services.runs,
        executor,
        governor=_governor(services),
        wakeups=open_wakeups(settings, services.documents),
        queues=services.queues,
        is_remote=settings.wakeups == "cloud-tasks",
        most_tasks=settings.most_tasks,
        blobs=lambda: services.blobs,
        missed=lambda: _make_up(services),
    )


def _make_up(services: Services) -> None:
    """Nothing where `runjobs serve` fires schedules, which does so by itself."""
    if services.settings.schedules == "local":
        return
    from common.dispatch.schedules import declared, open_schedules
    from common.dispatch.schedules.missed import make_up

    if jobs := [each for each in declared() if each.schedule.missed == "once"]:
        make_up(open_schedules(services), jobs)


def _governor(services: Services) -> Governor:
    settings = services.settings
    if settings.executor == "local":
        return FREE
    from common.limits import Limiter

    limits = starts(settings.region, settings.starts_per_minute)
    return Governor(Limiter(services.documents, limits, is_throttled=is_refused))
