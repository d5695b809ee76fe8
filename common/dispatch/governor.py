"""How often executions may be started: jobs.run is rationed per project and region."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from common.dispatch.executors import StartRefused
from common.limits import Limits, NoTurn

if TYPE_CHECKING:
    from common.limits import Limiter

__all__ = ["FREE", "Governor", "is_refused", "starts"]

_WAIT = 3.0
"""Seconds for which a reserved execution waits for its turn; then its runs are given back."""


class Governor:
    """Keeps starts under a rate that all dispatchers share, lower while they are refused."""

    def __init__(self, limiter: Limiter | None = None) -> None:
        self._limiter = limiter

    def start(self) -> AbstractContextManager[object]:
        """A turn to start one execution. Raises StartRefused where none comes soon."""
        if self._limiter is None:
            return nullcontext()
        try:
            return self._limiter.turn(within=_WAIT)
        except NoTurn as error:
            raise StartRefused(str(error), retryable=True, after=error.after) from error


FREE = Governor()
"""Where nobody counts."""


def starts(region: str, per_minute: float) -> Limits:
    """The limits on starts in a region."""
    burst = max(1, round(per_minute / 6))
    return Limits(name=f"jobs.run {region}", per_second=per_minute / 60, burst=burst)


def is_refused(error: BaseException) -> bool:
    """Whether it was the platform that had enough."""
    return isinstance(error, StartRefused) and error.throttled
