"""What a run printed, as Cloud Logging has it, by google-cloud-logging."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from common.dispatch.executors.cloud_errors import asking
from common.dispatch.google import access, library
from common.errors import Misconfigured
from common.runs import Run

__all__ = ["log_filter", "read_logs"]

_SAFE = re.compile(r"[0-9a-z]+")
_PAGE = 1000
"""Entries in one answer: an account may ask only 60 times a minute."""


def log_filter(run: Run) -> str:
    """The entries of all attempts at a run, which its tasks labelled with its id.

    https://cloud.google.com/logging/docs/view/logging-query-language
    """
    if not _SAFE.fullmatch(run.id):
        raise Misconfigured(f"Run {run.id} has an id that cannot be looked up in the logs.")
    since = run.created.isoformat()
    return f'resource.type="cloud_run_job" AND labels.run="{run.id}" AND timestamp>="{since}"'


def read_logs(project: str, run: Run, *, endpoint: str | None = None) -> Iterator[str]:
    """A line for each entry, oldest first. Raises Misconfigured, Unavailable."""
    client_class = library("logging", package="google-cloud-logging", what="Reading logs").Client
    remedy = "This account needs roles/logging.viewer."
    with asking(f"Cloud Logging ({project})", remedy=remedy):
        client = client_class(project=project, _use_grpc=False, **access(endpoint))
        for entry in client.list_entries(
            filter_=log_filter(run), order_by="timestamp asc", page_size=_PAGE
        ):
            yield _line(entry)


def _line(entry: Any) -> str:
    payload = entry.payload
    message = payload.get("message", payload) if isinstance(payload, dict) else payload
    time = f"{entry.timestamp:%H:%M:%S}" if entry.timestamp else "--:--:--"
    return f"{time} {entry.severity or 'DEFAULT':<7} {message}"
