"""When Cloud Tasks and Cloud Scheduler try again: pure functions, exact to the second.

The wait begins at a least one, doubles some times, then grows by what it last was, up to a most.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Retry"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """How often, how long, and after which waits something that failed is tried again."""

    attempts: int
    """In all, the first one included; below 0: any number."""
    duration: float
    """Seconds since the first attempt began, within which there may be more attempts than that;
    0: no matter."""
    least: float
    """Seconds of the first wait."""
    most: float
    """Seconds of any wait."""
    doublings: int

    def wait(self, attempt: int) -> float:
        """Seconds from the failure of that attempt (1, 2, …) until the next one."""
        doubled = min(attempt - 1, self.doublings)
        steps = max(1, attempt - self.doublings)
        if doubled > 64:  # far beyond any most, and no float holds it
            return self.most
        return min(self.most, self.least * 2.0**doubled * steps)

    def over(self, attempt: int, elapsed: float) -> bool:
        """Whether there is no more attempt after that one, so many seconds after the first began.

        Both limits have to be reached, of those that there are.
        """
        limited = self.attempts >= 0
        if limited and attempt < self.attempts:
            return False
        if self.duration > 0:
            return elapsed >= self.duration
        return limited
