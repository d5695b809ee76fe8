"""A turn: leave to call a provider once, now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol

from common.clock import Clock
from common.limits.held import Held

__all__ = ["Outcome", "Turn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a turn."""

    began: datetime
    """By server time."""
    answered: float | None = None
    """Seconds that the answer took; None where none came, or it does not tell."""
    throttled: bool = False
    """The provider refused the call as too many."""
    after: float | None = None
    """Seconds after which it may be called again, where it said so."""
    failed: bool = False


class Judge(Protocol):
    """Tells whether an error says that the provider was called too often."""

    def __call__(self, error: BaseException, /) -> bool: ...


class Turn:
    """Leave to call once, and one of the slots until the `with` ends.

    Whoever calls within says nothing more, unless the call takes long, or the answer is not all
    that is done within.
    """

    def __init__(
        self,
        held: Held,
        began: datetime,
        clock: Clock,
        is_throttled: Judge,
        finish: Callable[[Outcome], None],
    ) -> None:
        self._held, self._began, self._clock = held, began, clock
        self._is_throttled, self._finish = is_throttled, finish
        self._started = clock.monotonic()
        self._outcome: Outcome | None = None
        self._is_over = False

    def renew(self) -> None:
        """Keep the slot for longer than its term. Call it as often as you like.

        Raises SlotLost where it came too late.
        """
        self._held.renew()

    def answered(self) -> None:
        """The provider has answered; what else is done within does not count as its time."""
        took = self._clock.monotonic() - self._started
        self._outcome = Outcome(began=self._began, answered=took)

    def throttled(self, after: float | None = None) -> None:
        """The provider refused the call as too many; `after` is its Retry-After, in seconds."""
        self._outcome = Outcome(began=self._began, throttled=True, after=after)

    def failed(self) -> None:
        """The call failed otherwise."""
        self._outcome = Outcome(began=self._began, failed=True)

    def release(self) -> None:
        """End the turn, where no `with` does."""
        if self._is_over:
            return
        self._is_over = True
        if self._outcome is None:
            self.answered()
        self._end()

    def __enter__(self) -> Turn:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if error is not None and self._outcome is None:
            self._judge(error)
        self.release()

    def _judge(self, error: BaseException) -> None:
        if self._is_throttled(error):
            self.throttled(getattr(error, "after", None))
        elif isinstance(error, Exception):
            self.failed()
        else:  # the caller was told to end, which says nothing of the provider
            self._outcome = Outcome(began=self._began)

    def _end(self) -> None:
        try:
            self._held.release()
        finally:
            if self._outcome is not None:
                self._finish(self._outcome)
