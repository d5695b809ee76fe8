"""Time zones as users have them, which may be any text."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache

__all__ = ["zone_of"]

_THE_MACHINES = {"localtime", "posixrules"}
"""Names in the database that stand for whatever zone the machine is set to."""


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> tzinfo | None:
    """The zone of an IANA name; None where there is none."""
    from zoneinfo import ZoneInfo

    if name == "UTC":
        return UTC
    if name in _THE_MACHINES:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there, no name of a file, or a folder's
        return None
