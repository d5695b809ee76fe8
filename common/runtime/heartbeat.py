"""Keeps a lease alive beside the job's function, and carries what it says of its progress."""

from __future__ import annotations

import threading
from collections.abc import Callable

from common.errors import Unavailable
from common.runs import LeaseLost, NoSuchRun, Progress
from common.runtime.beside import beside
from common.runtime.lease import Lease
from common.runtime.log import Log
from common.runtime.stopping import Cancelled, Lost, Stop

__all__ = ["Heartbeat"]

_RENEWALS = 4
"""Heartbeats in one lease's time: three may be missed."""
_JOIN = 1.0
"""Seconds to wait for one that is on its way when the attempt ends."""


class Heartbeat:
    """Renews the lease, within `with`, in a thread."""

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
        self._pause = min(lease.runs.documents.write_interval, self._every)
        self._beside = beside(self._run, name="heartbeat")
        self._resting = threading.Lock()
        """Held by the thread while it beats, if there is one by then."""

    def __enter__(self) -> Heartbeat:
        self._beside.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.__exit__(None, None, None)
        self._over.set()
        self._said.set()
        if self._resting.acquire(timeout=_JOIN):
            self._resting.release()

    def say(self, progress: Progress) -> None:
        """Have the next heartbeat tell how far the run has come; it comes soon."""
        self._progress = progress
        self._said.set()
        if self._on_progress is not None:
            self._on_progress(progress)

    def beat(self) -> bool:
        """One heartbeat: renew, and look whether to go on; returns whether the store answered."""
        try:
            run = self._lease.renew(self._progress)
        except (LeaseLost, NoSuchRun):
            self._ask(Lost())
        except Unavailable as error:
            Log().warning(f"The lease is not renewed: {error}", action="heartbeat-missed")
            return False
        except Exception as error:  # noqa: BLE001 - the next one may do better; else the lease ends
            Log().error(f"The heartbeat failed: {error!r}", action="heartbeat-failed")
            return False
        else:
            if run.cancel_requested:
                self._ask(Cancelled())
        return True

    def _run(self) -> None:
        heard = True
        while not self._over.wait(self._pause):
            if heard:
                self._said.wait(self._every - self._pause)
            self._said.clear()
            with self._resting:
                if not self._over.is_set():
                    heard = self.beat()
