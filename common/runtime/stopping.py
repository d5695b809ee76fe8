"""Ending a job's function early: asked kindly first, then interrupted, then left behind.

Cloud Run gives ten seconds from SIGTERM to SIGKILL. The function has GRACE of them to notice by
itself (Context.check and all that calls it), and is then interrupted wherever Python code runs;
at LIMIT whoever watches gives the run back without it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["GRACE", "LIMIT", "Cancelled", "Interrupted", "Lost", "Stop", "Stopper", "TimedOut"]

GRACE = 2.0
"""Seconds until the function is interrupted."""
LIMIT = 7.0
"""Seconds until the run is given back without waiting for the function any longer."""

_WAKE = signal.SIGUSR2


class Stop(BaseException):
    """Raised in a job's function when it must end now. Not an Exception, so that no `except
    Exception` takes it for a failure of what it guards; clean up and let it pass."""


class Interrupted(Stop):
    """Raised when the task is told to end (SIGTERM, Ctrl-C): another attempt will go on."""


class Cancelled(Stop):
    """Raised when somebody cancelled the run."""


class Lost(Stop):
    """Raised when the run is no longer this attempt's: nothing that it does counts any more."""


class TimedOut(Stop):
    """Raised when the task is told to end because its job's timeout has passed."""


class Stopper:
    """One run's way to be stopped, from signals and from other threads."""

    def __init__(
        self, on_limit: Callable[[Stop], None], *, grace: float = GRACE, limit: float = LIMIT
    ) -> None:
        self.asked: Stop | None = None
        self._on_limit = on_limit
        self._grace, self._limit = grace, limit
        self._event = threading.Event()
        self._ended = threading.Event()
        self._main = threading.get_ident()
        self._interruptible = False
        # Never taken down again: a late wake-up would end the process by the default action.
        signal.signal(_WAKE, self._wake)

    def ask(self, stop: Stop) -> None:
        """Have the function end; the first reason given holds. Returns at once."""
        if self.asked is None:
            self.asked = stop
            self._event.set()
            threading.Thread(target=self._insist, daemon=True, name="stopper").start()

    def check(self) -> None:
        """Raise the reason to stop, if there is one."""
        if self.asked is not None:
            raise self.asked

    def wait(self, seconds: float) -> None:
        """Wait that long, or raise as soon as there is a reason to stop."""
        self._event.wait(seconds)
        self.check()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, the function of the job runs, and may be interrupted at any point."""
        self._interruptible = True
        try:
            yield
        finally:
            self._interruptible = False
            self._ended.set()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Within, a write of ours is on its way, and is not to be interrupted half-done."""
        before, self._interruptible = self._interruptible, False
        try:
            yield
        finally:
            self._interruptible = before

    def _insist(self) -> None:
        waited, wait = 0.0, self._grace
        while not self._ended.wait(wait):
            waited += wait
            if waited >= self._limit:
                self._on_limit(self.asked or Lost())
                return
            # A signal, because nothing else ends a wait that the function may be in.
            signal.pthread_kill(self._main, _WAKE)
            wait = 0.5

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        if self._interruptible and self.asked is not None:
            raise self.asked
