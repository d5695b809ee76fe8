"""Logs: one JSON line per event on Cloud Run, lines for people on a laptop.

Cloud Run makes a log entry of each JSON line on stdout, and takes severity, labels and trace from
it. https://cloud.google.com/run/docs/logging#using-json
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

__all__ = ["Log", "configure"]

_MESSAGE = 200_000  # an entry is at most 256 KB
_LOGGER = logging.getLogger("runjobs")


class Log:
    """An event is a sentence and a stable `action`, with fields for whoever filters by them."""

    def debug(self, message: str, **fields: Any) -> None:
        """For whoever looks for a fault."""
        _LOGGER.debug(message, extra={"fields": fields})

    def info(self, message: str, **fields: Any) -> None:
        """What happened, as it should."""
        _LOGGER.info(message, extra={"fields": fields})

    def warning(self, message: str, **fields: Any) -> None:
        """What went wrong, and was dealt with."""
        _LOGGER.warning(message, extra={"fields": fields})

    def error(self, message: str, **fields: Any) -> None:
        """What failed."""
        _LOGGER.error(message, extra={"fields": fields})


def configure(
    *, as_json: bool, stream: TextIO | None = None, labels: Mapping[str, str], project: str = ""
) -> None:
    """Send this process's logs, libraries' included, to the stream with these labels."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_Json(labels, project) if as_json else _Text(labels))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    _LOGGER.setLevel(logging.INFO)


class _Text(logging.Formatter):
    """`12:00:00 INFO  Rendered the video. (frames=150)`, in local time."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._labels = labels

    def format(self, record: logging.LogRecord) -> str:
        fields = {k: v for k, v in _fields(record).items() if k != "action"}
        details = f" ({', '.join(f'{k}={v}' for k, v in fields.items())})" if fields else ""
        time = self.formatTime(record, "%H:%M:%S")
        line = f"{time} {record.levelname:<7} {record.getMessage()}{details}"
        return line + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")


class _Json(logging.Formatter):
    """What Cloud Logging understands."""

    def __init__(self, labels: Mapping[str, str], project: str) -> None:
        super().__init__()
        self._labels = {key: value for key, value in labels.items() if value}
        self._trace = f"projects/{project}/traces/{_trace_id(labels.get('run', ''))}"

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()[:_MESSAGE]
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        entry = {
            "severity": record.levelname,
            "message": message[:_MESSAGE],
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            **_fields(record),
            "logging.googleapis.com/labels": self._labels,
            "logging.googleapis.com/trace": self._trace,
        }
        return json.dumps(entry, default=str, ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _trace_id(run: str) -> str:
    """All of a run's attempts share one trace: 32 hexadecimal digits made of its id."""
    return run.encode().hex().ljust(32, "0")[:32]
