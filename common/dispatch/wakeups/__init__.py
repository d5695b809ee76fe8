"""What wakes the dispatcher up: Cloud Tasks, or timers among the documents and who drives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.dispatch.wakeups.base import FARTHEST, Handler, Kind, Standing, Wakeup, Wakeups

if TYPE_CHECKING:
    from common.documents import Documents
    from common.settings import Settings

__all__ = [
    # the seam
    "FARTHEST",
    "Handler",
    "Kind",
    "Standing",
    "Wakeup",
    "Wakeups",
    # backends
    "open_wakeups",
]  # fmt: skip


def open_wakeups(settings: Settings, documents: Documents) -> Wakeups:
    """The wake-ups that RUNJOBS_WAKEUPS names; the documents store tells the time, at least."""
    if settings.wakeups == "cloud-tasks":
        from common.dispatch.google import endpoint
        from common.dispatch.wakeups.cloud_tasks import CloudTasksWakeups

        return CloudTasksWakeups(settings, documents.now, endpoint=endpoint("TASKS"))
    from common.dispatch.wakeups.local import LocalWakeups

    return LocalWakeups(documents)
