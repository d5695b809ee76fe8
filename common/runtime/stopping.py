"""Ending a job's function early: asked kindly first, then interrupted, then left behind.

Cloud Run gives ten seconds from SIGTERM to SIGKILL. The function has GRACE of them to notice by
itself (Context.check and all that calls it), and is then interrupted wherever Python code runs.
Once told, it has CLEANUP to clean up before it is interrupted again. At LIMIT whoever watches gives
the run back without it.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from types import FrameType
from typing import NoReturn

from common.runtime.beside import beside

__all__ = [
    "CLEANUP",
    "GRACE",
    "LIMIT",
    "Cancelled",
    "Interrupted",
    "Lost",
    "Stop",
    "Stopper",
    "TimedOut",
]

GRACE = 2.0
"""Seconds until the function is interrupted."""
CLEANUP = 3.0
"""Seconds that it is left alone each time that it was told."""
LIMIT = 6.5
"""Seconds until the run is given back without waiting for the function any longer."""

_WAKE = signal.SIGUSR2
_HOUR = 3600.0


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
    """One run's way to be stopped, from signals and from other threads.

    `left` says for how many seconds the lease yet allows the function to go on by itself; then it
    is Lost. `time` says for how many its job's timeout does; then it is TimedOut.
    """

    def __init__(  # noqa: PLR0913 - its limits, for tests to shorten
        self,
        on_limit: Callable[[Stop], None],
        *,
        left: Callable[[], float] = lambda: _HOUR,
        time: Callable[[], float] = lambda: _HOUR,
        grace: float = GRACE,
        cleanup: float = CLEANUP,
        limit: float = LIMIT,
    ) -> None:
        self.asked: Stop | None = None
        self.over = False
        """Whether the function has ended. Setting it is one instruction: no signal can come
        between, and none that comes later interrupts anything."""
        self._on_limit, self._left, self._time = on_limit, left, time
        self._grace, self._cleanup, self._limit = grace, cleanup, limit
        self._news: SimpleQueue[None] = SimpleQueue()
        self._asked = threading.Event()
        self._due = 0.0
        self._interruptible = False
        self._thread = threading.get_ident()
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            # Never taken down again: a late wake-up would end the process by the default action.
            signal.signal(_WAKE, self._wake)

    def ask(self, stop: Stop) -> None:
        """Have the function end; the first reason given holds. Returns at once.

        Signal handlers call it, between any two instructions of this process: so it takes no
        lock that its own thread may hold already. (SimpleQueue.put alone is made for that.)
        """
        if self.asked is None:
            self.asked = stop
            self._news.put(None)

    def check(self) -> None:
        """Raise the reason to stop, if there is one."""
        if self.asked is not None:
            self._raise(self.asked)

    def wait(self, seconds: float) -> None:
        """Wait that long, or raise as soon as there is a reason to stop."""
        self.check()
        self._asked.wait(seconds)
        self.check()

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within, the function of the job runs, and may be interrupted at any point."""
        with beside(self._watch, name="stopper"):
            try:
                self.check()
                self._interruptible = True
                yield
            finally:
                self.over = True
                self._interruptible = False
                self._news.put(None)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Within, something of ours is on its way, and is not to be interrupted half-done."""
        if threading.get_ident() != self._thread:  # only that one is ever interrupted
            yield
            return
        before, self._interruptible = self._interruptible, False
        try:
            yield
        finally:
            self._interruptible = before

    def _raise(self, stop: Stop) -> NoReturn:
        self._due = time.monotonic() + self._cleanup
        # A new one each time: one raised again and again drags all its tracebacks along.
        raise type(stop)

    def _watch(self) -> None:
        """Beside the function, until it has ended."""
        while self.asked is None and not self.over:
            left, time_left = self._left(), self._time()
            if min(left, time_left) > 0:
                self._wait_news(min(left, time_left))
            else:
                self.ask(Lost() if left <= 0 else TimedOut())
        if self.asked is not None:
            self._asked.set()
            self._insist(self.asked)

    def _insist(self, stop: Stop) -> None:
        now = time.monotonic()
        end, self._due = now + self._limit, max(self._due, now + self._grace)
        while not self.over:
            now = time.monotonic()
            if now >= end:
                self._on_limit(stop)
                return
            if now >= self._due:
                self._due = now + self._cleanup
                self._interrupt()
            self._wait_news(min(self._due, end) - now)

    def _interrupt(self) -> None:
        # By a signal, because nothing else ends a wait that the function may be in.
        if self._is_main:
            signal.pthread_kill(self._thread, _WAKE)

    def _wait_news(self, seconds: float) -> None:
        with suppress(Empty):
            self._news.get(timeout=max(0.0, min(seconds, _HOUR)))

    def _wake(self, _number: int, _frame: FrameType | None) -> None:
        if self._interruptible and not self.over and self.asked is not None:
            self._raise(self.asked)
