"""How long things take, on a machine that may have other things to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["assert_in_time"]

_TRIES = 4


def assert_in_time(measure: Callable[[], Sequence[float]], *, seconds: float) -> None:
    """All end when so many seconds are over, within 5 % and what a few threads wait for a
    processor; measured again where a busy machine had them wait longer than that."""
    measured: list[Sequence[float]] = []
    while len(measured) < _TRIES:
        measured.append(measure())
        if all(0.5 * seconds <= each <= 1.05 * seconds + 0.25 for each in measured[-1]):
            return
    raise AssertionError(measured)
