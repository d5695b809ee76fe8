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

from common.runtime.text import printable, said

__all__ = ["Log", "configure", "relabel"]

_LINE = 250_000
"""Bytes; an entry is at most 256 KB, and a longer one comes in pieces that are no JSON."""
_FIELD = 1_000
"""Characters that are left of a field where the line is too long."""
_LOGGER = logging.getLogger("runjobs")


class Log:
    """An event is a sentence and a stable `action`, with fields for whoever filters by them."""

    def debug(self, message: str, /, **fields: Any) -> None:
        """For whoever looks for a fault."""
        _log(logging.DEBUG, message, fields)

    def info(self, message: str, /, **fields: Any) -> None:
        """What happened, as it should."""
        _log(logging.INFO, message, fields)

    def warning(self, message: str, /, **fields: Any) -> None:
        """What went wrong, and was dealt with."""
        _log(logging.WARNING, message, fields)

    def error(self, message: str, /, **fields: Any) -> None:
        """What failed."""
        _log(logging.ERROR, message, fields)


def _log(level: int, message: str, fields: Mapping[str, Any]) -> None:
    """Like Logger.log, which would look for the line of code that logs: nobody reads of it."""
    if _LOGGER.isEnabledFor(level):
        _LOGGER.handle(
            _LOGGER.makeRecord(
                _LOGGER.name, level, "", 0, "%s", (message,), None, extra={"fields": fields}
            )
        )


def configure(
    *, as_json: bool, stream: TextIO | None = None, labels: Mapping[str, str], project: str = ""
) -> None:
    """Send this process's logs, libraries' and warnings included, to the stream, labelled."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_Json(labels, project) if as_json else _Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(as_json)
    _LOGGER.setLevel(logging.INFO)


def relabel(labels: Mapping[str, str], project: str) -> None:
    """Label what is logged from now on otherwise. Lines for people have no labels."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _Json):
            handler.setFormatter(_Json(labels, project))


class _Text(logging.Formatter):
    """`12:00:00 INFO    Rendered the video. (frames=150)`, in local time."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in _fields(record).items() if name != "action"}
        listed = ", ".join(f"{name}={said(value)}" for name, value in fields.items())
        details = f" ({listed})" if listed else ""
        time = self.formatTime(record, "%H:%M:%S")
        line = f"{time} {record.levelname:<7} {record.getMessage()}{details}{_trace(self, record)}"
        return printable(line, len(line))


class _Json(logging.Formatter):
    """What Cloud Logging understands."""

    def __init__(self, labels: Mapping[str, str], project: str) -> None:
        super().__init__()
        given = {name: value for name, value in labels.items() if value}
        self._constant: dict[str, Any] = {"logging.googleapis.com/labels": given} if given else {}
        if project and "run" in given:
            trace = f"projects/{project}/traces/{_trace_id(given['run'])}"
            self._constant["logging.googleapis.com/trace"] = trace

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "severity": record.levelname,
            "message": record.getMessage() + _trace(self, record),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            **self._constant,
        }
        return _line(entry, _fields(record))


def _line(entry: dict[str, Any], fields: Mapping[str, Any]) -> str:
    """One line of at most _LINE bytes; a field that has a name of the entry's own gets a _."""
    named = {f"{name}_" if name in entry else name: value for name, value in fields.items()}
    line = _json(entry | named)
    if len(line) > _LINE:
        named = {name: said(value)[:_FIELD] for name, value in named.items()}
        line = _json(entry | named)
    while len(line) > _LINE and entry["message"]:
        half = entry["message"][: len(entry["message"]) // 2]
        entry = {**entry, "message": half}
        line = _json(entry | named)
    return line.decode()


def _json(entry: Mapping[str, Any]) -> bytes:
    try:
        line = _dumps(entry)
    except (TypeError, ValueError, RecursionError):  # NaN, odd keys, circles, depth
        line = _dumps({name: _plain(value) for name, value in entry.items()})
    # A lone surrogate, spelled out, is just what JSON writes for it.
    return line.encode("utf-8", "backslashreplace")


def _dumps(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, default=said, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """The value, or what it says of itself if JSON cannot hold it."""
    try:
        _dumps({"": value})
    except (TypeError, ValueError, RecursionError):
        return said(value)
    return value


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return f"\n{formatter.formatException(record.exc_info)}" if record.exc_info else ""


def _trace_id(run: str) -> str:
    """All of a run's attempts share one trace: 32 hexadecimal digits made of its id."""
    return run.encode().hex().ljust(32, "0")[:32]
