"""Keeps a lease alive beside the job's function, and carries what it says of its progress."""

from __future__ import annotations

import threading
from collections.abc import Callable

from common.errors import RunjobsError, Unavailable
from common.runs import Progress
from common.runtime.lease import Lease
from common.runtime.stopping import Cancelled, Lost, Stop

__all__ = ["Heartbeat"]

_RENEWALS = 4
"""Heartbeats in one lease's time: three may be missed."""


class Heartbeat:
    """A thread that renews the lease; within `with`, it runs."""

    def __init__(
        self,
        lease: Lease,
        ask: Callable[[Stop], None],
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._lease = lease
        self._ask = ask
        self._on_progress = on_progress
        self._progress: Progress | None = None
        self._said = threading.Event()
        self._over = threading.Event()
        self._every = lease.runs.lease.total_seconds() / _RENEWALS
        self._thread = threading.Thread(target=self._run, daemon=True, name="heartbeat")

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._said.set()

    def say(self, progress: Progress) -> None:
        """Have the next heartbeat tell how far the run has come; it comes soon."""
        self._progress = progress
        self._said.set()
        if self._on_progress is not None:
            self._on_progress(progress)

    def beat(self) -> None:
        """One heartbeat: renew, and look whether to go on."""
        try:
            run = self._lease.renew(self._progress)
        except Unavailable:
            # No write of ours may come after the lease: then another owns the run.
            if self._lease.remaining <= 0:
                self._ask(Lost())
        except RunjobsError:
            self._ask(Lost())
        else:
            if run.cancel_requested:
                self._ask(Cancelled())

    def _run(self) -> None:
        pause = self._lease.runs.documents.write_interval
        while not self._over.wait(pause):
            self._said.wait(self._every - pause)
            self._said.clear()
            if not self._over.is_set():
                self.beat()
