"""What the benchmarks print: a figure a line, and beside ratios what they are to be."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Line", "at_least", "at_most", "heading", "plain", "show", "skipped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One figure."""

    what: str
    figure: str
    target: str = ""
    reached: bool | None = None
    """None where nothing is to be reached."""


def plain(what: str, taken: Sequence[float], unit: str) -> Line:
    """The median of several rounds, and between what they were."""
    spread = f"  ({_number(min(taken))} to {_number(max(taken))})" if len(taken) > 1 else ""
    return Line(what=what, figure=f"{_number(statistics.median(taken))} {unit}{spread}")


def at_least(what: str, value: float, target: float, unit: str = "times") -> Line:
    """A figure that is to be so high."""
    return _judged(what, value, unit, f"at least {target:g}", reached=value >= target)


def at_most(what: str, value: float, target: float, unit: str = "times") -> Line:
    """A figure that is to be so low."""
    return _judged(what, value, unit, f"at most {target:g}", reached=value <= target)


def heading(text: str) -> None:
    print(f"\n{text}")


def show(lines: Sequence[Line]) -> None:
    for line in lines:
        verdict = {None: "", True: "reached", False: "NOT REACHED"}[line.reached]
        print(f"  {line.what:<46}{line.figure:<34}{line.target:<16}{verdict}".rstrip(), flush=True)


def skipped(reason: object) -> None:
    print(f"  left out: {reason}", flush=True)


def _judged(what: str, value: float, unit: str, target: str, *, reached: bool) -> Line:
    return Line(what=what, figure=f"{_number(value)} {unit}", target=target, reached=reached)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
