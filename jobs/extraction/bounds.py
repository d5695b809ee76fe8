"""How large a number, and how long a text may be: what of that a JSON Schema says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["LENGTHS", "SIZES", "broken"]

LENGTHS: Mapping[str, tuple[Callable[[Any, float], bool], str]] = MappingProxyType(
    {
        "minLength": (lambda text, bound: len(text) >= bound, "have {:g} characters or more"),
        "maxLength": (lambda text, bound: len(text) <= bound, "have {:g} characters at most"),
    }
)
"""Of texts."""
SIZES: Mapping[str, tuple[Callable[[Any, float], bool], str]] = MappingProxyType(
    {
        "minimum": (lambda number, bound: number >= bound, "be {:g} or more"),
        "exclusiveMinimum": (lambda number, bound: number > bound, "be more than {:g}"),
        "maximum": (lambda number, bound: number <= bound, "be {:g} or less"),
        "exclusiveMaximum": (lambda number, bound: number < bound, "be less than {:g}"),
    }
)
"""Of numbers."""
_ALL = MappingProxyType({**LENGTHS, **SIZES})


def broken(value: Any, bounds: Iterable[tuple[str, float]]) -> str | None:
    """What is wrong with a value by the first bound that it does not keep to; None by none."""
    for name, bound in bounds:
        keeps, must = _ALL[name]
        if not keeps(value, bound):
            return f"it must {must.format(bound)}"
    return None
