"""What runs containers: Cloud Run, or this machine in its manner."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from common.dispatch.executors.base import (
    Counts,
    Executor,
    Launch,
    NoSuchExecution,
    StartRefused,
)

if TYPE_CHECKING:
    from common.settings import Settings

__all__ = ["Counts", "Executor", "Launch", "NoSuchExecution", "StartRefused", "open_executor"]


def open_executor(settings: Settings) -> Executor:
    """The executor that RUNJOBS_EXECUTOR names."""
    if settings.executor == "cloud-run":
        from common.dispatch.executors.cloud_run import CloudRunExecutor

        return CloudRunExecutor(settings, endpoint=os.environ.get("RUNJOBS_RUN_ENDPOINT"))
    from common.dispatch.executors.local import LocalExecutor

    return LocalExecutor(settings)
