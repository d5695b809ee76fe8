"""What is usual of how long answers take, and what is far above it."""

from __future__ import annotations

__all__ = ["Latency"]

_ENOUGH = 5
"""Answers from which something can be told."""
_NEWEST = 0.3
_RISE, _FALL = 0.02, 0.2
"""The usual follows a fall soon and a rise slowly, or what is slow would soon be usual."""
_NOTICED = 0.05
"""Seconds; less is not worth slowing down for, however many times the usual it is."""


class Latency:
    """Of one provider, as one process sees it. Not safe to share among threads."""

    def __init__(self, slow: float) -> None:
        self._slow = slow
        self._usual: float | None = None
        self._recent = 0.0
        self._count = 0

    @property
    def usual(self) -> float | None:
        """Seconds; None until enough is known."""
        return self._usual if self._count >= _ENOUGH else None

    def assume(self, usual: float) -> None:
        """Begin with what others found usual, where nothing is known here."""
        if self._usual is None:
            self._usual = self._recent = usual

    def saw(self, seconds: float) -> bool:
        """Note an answer; tells whether they have become far slower than usual."""
        self._count += 1
        if self._usual is None:
            self._usual = self._recent = seconds
        self._recent += _NEWEST * (seconds - self._recent)
        is_slow = self._is_slow(self._usual)
        pace = _RISE if seconds > self._usual else _FALL
        self._usual += pace * (seconds - self._usual)
        if is_slow:
            self._count = 0  # what comes next shall be told by answers to the slower rate
        return is_slow

    def _is_slow(self, usual: float) -> bool:
        above = self._recent > usual * self._slow and self._recent - usual > _NOTICED
        return self._slow > 0 and self._count >= _ENOUGH and above
