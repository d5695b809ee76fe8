"""How the JSON of Google's messages writes values, and how much it tolerates when it reads them.

times      RFC 3339 with Z, to the microsecond: 2026-11-22T12:00:00.5Z
durations  seconds: 3.5s
enums      by name; clients may send their numbers
https://protobuf.dev/programming-guides/json/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json

__all__ = [
    # written
    "duration",
    "timestamp",
    # read
    "camel",
    "decimal",
    "named",
    "seconds",
    "time",
    "whole",
]

_DURATION = re.compile(r"(-?[0-9]{1,12}(?:\.[0-9]{1,9})?)s")
_NUMBER = re.compile(r"[0-9]{1,9}")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)")


def timestamp(time: datetime, *, whole: bool = False) -> str:
    """A time as text; whole seconds only, if asked for."""
    plain = time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    fraction = f".{time.microsecond:06}".rstrip("0") if time.microsecond and not whole else ""
    return f"{plain}{fraction}Z"


def duration(seconds: float) -> str:
    """A span as text: 600s, 0.100s."""
    return f"{int(seconds)}s" if seconds == int(seconds) else f"{seconds:.3f}s"


def time(data: Json, field: str) -> datetime | None:
    """A field that is a time; None where there is none."""
    if not (value := data.get(field)):
        return None
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        if found:
            zone = "+00:00" if found[3] in "Zz" else found[3]
            read = datetime.fromisoformat(f"{found[1]}.{(found[2] or '0')[:6]:0<6}{zone}")
            return read.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid(field, f"{value!r} is not a time such as 2026-11-22T12:00:00Z.")


def seconds(data: Json, field: str, default: float = 0.0) -> float:
    """A field that is a duration, in seconds."""
    if (value := data.get(field)) is None:
        return default
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise invalid(field, f"{value!r} is not a duration such as 3.5s.")
    return float(found[1])


def whole(data: Json, field: str, default: int = 0) -> int:
    """A field that is a whole number, or one as text."""
    value = data.get(field, default)
    try:
        if not isinstance(value, bool) and float(value) == int(value):
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise invalid(field, f"{value!r} is not a whole number.")


def decimal(data: Json, field: str) -> float:
    """A field that is a number, or one as text; 0 where it is not there."""
    value = data.get(field, 0.0)
    try:
        if not isinstance(value, bool) and abs(read := float(value)) < float("inf"):
            return read
    except (TypeError, ValueError, OverflowError):
        pass
    raise invalid(field, f"{value!r:.60} is not a number.")


def named(data: Json, field: str, names: Sequence[str]) -> str:
    """A field that is one of an enum's names, in their numbers' order; the first, if none is."""
    value = data.get(field) or 0
    if value in names:
        return str(value)
    if isinstance(value, (int, str)) and _NUMBER.fullmatch(str(value)) and int(value) < len(names):
        return names[int(value)]
    raise invalid(field, f"{value!r} is none of {', '.join(names)}.")


def camel(path: str) -> str:
    """A field's path as JSON has it: rate_limits.max_burst_size is rateLimits.maxBurstSize."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), path)
