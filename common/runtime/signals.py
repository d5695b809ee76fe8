"""The signals by which a task is told to end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["Signals"]

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Signals:
    """Within `with`, SIGTERM and SIGINT end nothing by themselves: whoever listens is told.

    One that comes before anybody listens is kept. So a task holds them from before its claim on,
    and there is no moment at which it owns a run and could be ended without giving it back.
    """

    def __init__(self) -> None:
        self._told = False
        self._listener: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}
        self._fds = (-1, -1, -1)  # of the pipe, and what wrote wake-ups before

    def __enter__(self) -> Signals:
        # Python takes signals in the main thread only; another one's job is ended by its process.
        if threading.current_thread() is threading.main_thread():
            self._hold()
        return self

    def __exit__(self, *_: object) -> None:
        if self._before:
            self._release()
            os.close(self._fds[1])  # which ends the watcher

    @property
    def told(self) -> bool:
        """Whether a signal has come."""
        return self._told

    def listen(self, listener: Callable[[], None]) -> None:
        """Call it at each signal; it must be safe to call between any two instructions."""
        self._listener = listener
        if self._told:
            listener()

    def _hold(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        self._before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._fds = reader, writer, before
        os.register_at_fork(
            before=self._block, after_in_parent=self._unblock, after_in_child=self._forked
        )
        threading.Thread(target=self._watch, args=[reader], daemon=True, name="signals").start()

    def _release(self) -> None:
        before, self._before = self._before, {}
        if before:
            signal.set_wakeup_fd(self._fds[2])
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    # A fork of ours (multiprocessing) is not the task, and ends as it would without us. A signal
    # that comes to it at once waits until it has let go of our handlers and our pipe.

    def _block(self) -> None:
        if self._before:
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

    def _unblock(self) -> None:
        if self._before:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _forked(self) -> None:
        if self._before:
            self._release()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _on_signal(self, *_: object) -> None:
        self._told = True
        if self._listener is not None:
            self._listener()

    def _watch(self, reader: int) -> None:
        """The main thread runs no handler while it is deep in C code, but the pipe is written."""
        while numbers := os.read(reader, 64):
            if any(number in _SIGNALS for number in numbers):
                self._on_signal()
        os.close(reader)
