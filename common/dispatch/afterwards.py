"""What a task has done by the dispatcher: a queue looked at, now or later."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from common.dispatch.dispatcher import Dispatcher
from common.dispatch.opening import open_dispatcher
from common.services import Services

__all__ = ["look"]


def look(services: Services, queue: str | None, at: datetime | None) -> None:
    """Have the queue looked at: by a wake-up, or where those reach nobody by this process.

    Without a queue it is a sweep that is asked for.
    """
    _dispatcher(services).look_at(queue, at)


@lru_cache(maxsize=1)  # a process has one Services
def _dispatcher(services: Services) -> Dispatcher:
    return open_dispatcher(services)
