"""What a task has done by the dispatcher: a queue looked at, now or later."""

from __future__ import annotations

from datetime import datetime

from common.dispatch.opening import open_dispatcher
from common.services import Services

__all__ = ["look"]


def look(services: Services, queue: str, at: datetime | None) -> None:
    """Have the queue looked at: by a wake-up, or where those reach nobody by this process."""
    open_dispatcher(services).look_at(queue, at)
