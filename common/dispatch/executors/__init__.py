"""What runs containers: Cloud Run, or this machine in its manner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.dispatch.executors.base import (
    Counts,
    Executor,
    Launch,
    NoSuchExecution,
    StartRefused,
)
from common.errors import Misconfigured

if TYPE_CHECKING:
    from common.settings import Settings

__all__ = ["Counts", "Executor", "Launch", "NoSuchExecution", "StartRefused", "open_executor"]


def open_executor(settings: Settings) -> Executor:
    """The executor that RUNJOBS_EXECUTOR names."""
    if settings.executor == "cloud-run":
        from common.dispatch.executors.cloud_run import CloudRunExecutor
        from common.dispatch.google import endpoint

        imitation = endpoint("RUN")
        executor = CloudRunExecutor(settings, endpoint=imitation)
        if not imitation:
            _check_within_reach(settings)
        return executor
    from common.dispatch.executors.local import LocalExecutor

    return LocalExecutor(settings)


def _check_within_reach(settings: Settings) -> None:
    """A container on Cloud Run sees none of this machine's files, so it would find no run."""
    for name, url, cloud in (
        ("RUNJOBS_DOCUMENTS", settings.documents, "firestore://PROJECT/DATABASE"),
        ("RUNJOBS_BLOBS", settings.blobs, "gs://BUCKET"),
    ):
        if url.startswith(("sqlite:", "file:")):
            raise Misconfigured(
                f"{name}={url} is on this machine, where containers of RUNJOBS_EXECUTOR=cloud-run "
                f"cannot see it: set {name}={cloud}."
            )
