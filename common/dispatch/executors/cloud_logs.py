"""What a run printed, as Cloud Logging has it, by google-cloud-logging."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from common.errors import Misconfigured, Unavailable
from common.runs import Run

__all__ = ["log_filter", "read_logs"]

_SAFE = re.compile(r"[0-9a-z]+")


def log_filter(run: Run) -> str:
    """The entries of all attempts at a run, which its tasks labelled with its id.

    https://cloud.google.com/logging/docs/view/logging-query-language
    """
    if not _SAFE.fullmatch(run.id):
        raise Misconfigured(f"Run {run.id} has an id that cannot be looked up in the logs.")
    since = run.created.isoformat()
    return f'resource.type="cloud_run_job" AND labels.run="{run.id}" AND timestamp>="{since}"'


def read_logs(project: str, run: Run, *, client: Any = None) -> Iterator[str]:
    """A line for each entry, oldest first. Raises Misconfigured, Unavailable."""
    client = client or _client(project)
    from google.api_core import exceptions as api

    try:
        for entry in client.list_entries(filter_=log_filter(run), order_by="timestamp asc"):
            yield _line(entry)
    except api.ClientError as error:
        raise Misconfigured(
            f"The logs of {project} cannot be read: {error.message}. This account needs "
            "roles/logging.viewer."
        ) from error
    except api.GoogleAPICallError as error:
        raise Unavailable(f"Cloud Logging did not answer: {error}.") from error


def _client(project: str) -> Any:
    try:
        from google.cloud.logging import Client
    except ImportError as error:
        raise Misconfigured(
            "Reading logs needs google-cloud-logging: pip install 'runjobs[gcp]'."
        ) from error
    return Client(project=project)  # type: ignore[no-untyped-call]


def _line(entry: Any) -> str:
    payload = entry.payload
    message = payload.get("message", payload) if isinstance(payload, dict) else payload
    return f"{entry.timestamp:%H:%M:%S} {entry.severity or 'DEFAULT':<7} {message}"
