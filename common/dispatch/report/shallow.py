"""JSON of a ledger, as deep as every program can read and write it."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["parsed"]

_DEEPEST = 200


def parsed(text: str | None) -> Any:
    """What the text says; one that is nested deeper than others may bear stays text."""
    if text is None:
        return None
    try:
        value = json.loads(text)
    except RecursionError:
        return text
    if text.count("[") + text.count("{") > _DEEPEST and _is_deep(value):
        return text
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for each in level for item in _within(each)]
        if not level:
            return False
    return True


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
