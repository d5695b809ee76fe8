"""Fields that have the same meaning and another name in each version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json

__all__ = ["filled", "renamed", "seconds", "span"]


def renamed(message: Json, names: Iterable[tuple[str, str]]) -> Json:
    """The fields that are there, under their other names."""
    return {new: message[old] for old, new in names if old in message}


def filled(message: Mapping[str, Any]) -> Json:
    """Without what is not said, as JSON of these APIs leaves it out."""
    return {name: value for name, value in message.items() if value not in (None, "", [], {})}


def seconds(duration: str) -> str:
    """A duration of version 2, such as 600s, as version 1 has it: a long number, which is text."""
    return duration.removesuffix("s").partition(".")[0]


def span(name: str, number: object) -> str:
    """Seconds of version 1 as a duration."""
    text = str(number)
    if not (text.isascii() and text.isdigit()):
        raise invalid(name, f"{number!r} is not a number of seconds.")
    return f"{text}s"
