"""Requests of which something is not as it should be."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

__all__ = ["BAD", "spoilt"]

BAD = [
    *(None, 0, -1, 1.5, 10**30, 10**400, float("nan"), float("inf"), True),
    *("", "x", "\0", "\ud800", "²", "ø" * 40_000),
    *([], [1], [None], [[]], {}, {"a": 1}),
]


def spoilt(good: Any) -> Iterator[Any]:
    """Every value within in turn replaced by everything bad."""
    for place in _places(good):
        for bad in BAD:
            changed = {"all": copy.deepcopy(good)}
            within: Any = changed
            *outer, last = ("all", *place)
            for key in outer:
                within = within[key]
            within[last] = copy.deepcopy(bad)
            yield changed["all"]


def _places(value: Any, before: tuple = ()) -> Iterator[tuple]:
    """The way to every value within, and to the whole."""
    yield before
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(each, (*before, key))
