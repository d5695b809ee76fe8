"""A line that a task has printed, as the entry that Cloud Run makes of it.

https://cloud.google.com/run/docs/logging#using-json,
https://cloud.google.com/logging/docs/structured-logging#special-payload-fields
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from common.localcloud.logging.comparing import SEVERITIES
from common.localcloud.logging.output import Line
from common.localcloud.logging.people import of_people
from common.localcloud.rpc import Json

__all__ = ["Origin", "entry"]

_SPECIAL = "logging.googleapis.com/"
_LIFTED = ("trace", "spanId", "sourceLocation", "operation", "insertId", "trace_sampled")


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The execution of which a line is."""

    project: str
    region: str
    job: str
    execution: str


def entry(origin: Origin, line: Line, since: datetime) -> Json:
    """The entry; `since` is when it was printed, where it does not say so itself."""
    payload = _object(line.text)
    lifted = _lifted(payload) if payload is not None else _told(line.text, since)
    time = lifted.pop("time", since).astimezone(UTC)
    stamp = time.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "insertId": f"{origin.execution}-{line.task:05}-{line.offset:012}",
        "logName": f"projects/{origin.project}/logs/run.googleapis.com%2Fstdout",
        "resource": _resource(origin),
        "timestamp": stamp,
        "receiveTimestamp": stamp,
        **lifted,
        "labels": {**_labels(origin, line), **lifted.get("labels", {})},
        **_payload(line.text, payload),
    }


def _object(text: str) -> Json | None:
    """What the line says, if it is a JSON object."""
    if not text.startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _lifted(payload: Json) -> Json:
    """Take out what is said of the entry and not in it."""
    lifted = {}
    if str(payload.get("severity", "")).upper() in SEVERITIES:
        lifted["severity"] = payload.pop("severity").upper()
    if isinstance(payload.get(f"{_SPECIAL}labels"), dict):
        labels = payload.pop(f"{_SPECIAL}labels")
        lifted["labels"] = {name: str(value) for name, value in labels.items()}
    for name in _LIFTED:
        if f"{_SPECIAL}{name}" in payload:
            lifted[_camel(name)] = payload.pop(f"{_SPECIAL}{name}")
    if (time := _time(payload.get("time"))) is not None:
        del payload["time"]
        lifted["time"] = time
    return lifted


def _told(text: str, since: datetime) -> Json:
    told = of_people(text, since)
    return {"severity": told[0], "time": told[1]} if told else {}


def _payload(text: str, payload: Json | None) -> Json:
    if payload is None:
        return {"textPayload": text}
    if payload.keys() == {"message"} and isinstance(payload["message"], str):
        return {"textPayload": payload["message"]}
    return {"jsonPayload": payload}


def _resource(origin: Origin) -> Json:
    labels = {
        "project_id": origin.project,
        "location": origin.region,
        "job_name": origin.job,
    }
    return {"type": "cloud_run_job", "labels": labels}


def _labels(origin: Origin, line: Line) -> dict[str, str]:
    labels = {
        "run.googleapis.com/execution_name": origin.execution,
        "run.googleapis.com/task_index": str(line.task),
        "run.googleapis.com/task_attempt": str(line.attempt),
    }
    # On Cloud Run a task labels its lines itself; the local ones are for people, and say less.
    return {**labels, "run": line.run} if line.run else labels


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return time if time is None or time.tzinfo else time.replace(tzinfo=UTC)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
