"""JSON in lines, as people read it: what says nothing is left out."""

from __future__ import annotations

from typing import Any

__all__ = ["pairs"]


def pairs(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Names, joined by dots, and values. What is in a list has its name, each time."""
    name = prefix.rstrip(".") or "result"
    match value:
        case dict():
            return [pair for key, item in value.items() for pair in pairs(item, f"{prefix}{key}.")]
        case list() if any(map(_is_nested, value)):
            return [pair for n, item in enumerate(value) for pair in pairs(item, f"{prefix}{n}.")]
        case list():
            return [(name, _line(item)) for item in value]
        case None | "":
            return []
    return [(name, str(value))]


def _is_nested(item: Any) -> bool:
    parts = item.values() if isinstance(item, dict) else ()
    return any(isinstance(part, (dict, list)) for part in parts)


def _line(item: Any) -> str:
    """In one line: what it is, which comes first, and all else by its name."""
    if not isinstance(item, dict):
        return str(item)
    told = (
        str(value) if number == 0 else f"{name} {value}"
        for number, (name, value) in enumerate(item.items())
        if value not in ("", None)
    )
    return ", ".join(told)
