"""One attempt: the job's function is run beside a heartbeat, and its outcome becomes the run's."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from common.errors import RunjobsError
from common.runs import LeaseLost, Progress, Run, State
from common.runtime.children import Children
from common.runtime.context import Context
from common.runtime.declare import Job
from common.runtime.failures import failure
from common.runtime.heartbeat import Heartbeat
from common.runtime.lease import Lease
from common.runtime.log import Log
from common.runtime.params import RESULT_BYTES, from_json, to_json, validate
from common.runtime.stopping import Cancelled, Interrupted, Lost, Stop, Stopper, TimedOut
from common.services import Services

__all__ = ["INTERRUPTED", "perform"]

INTERRUPTED = 143
"""Exit code of a process that SIGTERM ended, by the shells' convention."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Performance:
    """The parts of one attempt."""

    def __init__(
        self,
        job: Job,
        services: Services,
        run: Run,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.job = job
        self.log = Log()
        self._began = time.monotonic()
        self.lease = Lease(services.runs, run)
        self.children = Children()
        self.stopper = Stopper(self._leave)
        self.heartbeat = Heartbeat(self.lease, self.stopper.ask, on_progress)
        attempt = run.attempts[-1]
        self.context = Context(
            services=services,
            lease=self.lease,
            stopper=self.stopper,
            heartbeat=self.heartbeat,
            children=self.children,
            log=self.log,
            deadline=attempt.started + job.timeout,
        )

    def run(self) -> Run:
        """Run the function to its end, and say in the ledger how it ended."""
        self.log.info(
            f"Attempt {self.context.attempt} of {self.job.name} begins.", action="attempt-began"
        )
        with self.heartbeat, self._signals():
            finish = self._call()
            self.context.clean()
            return self._finish(finish)

    def _call(self) -> Callable[[], Run]:
        """Call the function; returns how to finish."""
        try:
            with self.stopper.interruptible():
                params = validate(
                    self.job.params, from_json(self.lease.run.params), job=self.job.name
                )
                result = self.job(params, self.context)
            text = to_json(result, what="The result", limit=RESULT_BYTES)
        except Stop as stop:
            return self._stopped(stop)
        except LeaseLost:
            return self._stopped(Lost())
        except BaseException as error:  # noqa: BLE001 - even sys.exit: the ledger shall know
            return self._failed(error)
        return lambda: self.lease.succeed(text)

    def _failed(self, error: BaseException) -> Callable[[], Run]:
        found = failure(error)
        self.log.error(f"{found.type}: {found.message}", action="attempt-failed")
        if found.trace:
            self.log.error(found.trace.rstrip(), action="attempt-traceback")
        retry_in = self.job.retry.after(found, failures=self.lease.run.failures + 1)
        return lambda: self.lease.fail(found, retry_in)

    def _stopped(self, stop: Stop) -> Callable[[], Run]:
        match stop:
            case Cancelled():
                return self.lease.stop
            case TimedOut():
                seconds = self.job.timeout.total_seconds()
                return self._failed(TimeoutError(f"Not finished within {seconds:g} s."))
            case Lost():
                return self._raise_lost
            case _:
                return self.lease.give_back

    def _finish(self, finish: Callable[[], Run]) -> Run:
        """Finish while the lease lasts: later, another may own the run."""
        documents = self.lease.runs.documents
        documents.patience = max(documents.patience, self.lease.remaining)
        run = finish()
        self.log.info(_ENDINGS[run.state].format(run=run), action=f"run-{run.state}")
        return run

    def _raise_lost(self) -> Run:
        raise LeaseLost(f"Run {self.lease.run.id} is no longer this attempt's.")

    def _leave(self, stop: Stop) -> None:
        """The function does not end: finish without it, and end the process."""
        self.log.error("The job does not end when asked to; it is left behind.", action="left")
        self.children.kill()
        with suppress(RunjobsError):
            self._stopped(stop)()
        os._exit(INTERRUPTED)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn the signals by which a task is told to end into stops."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Cloud Run says a timeout and an eviction alike; only the time tells them apart, and the
        # task began a little earlier than we.
        timeout = self.job.timeout.total_seconds()
        late = time.monotonic() - self._began >= timeout - min(5.0, 0.1 * timeout)
        self.stopper.ask(TimedOut() if late else Interrupted())


_ENDINGS = {
    State.SUCCEEDED: "The run succeeded.",
    State.FAILED: "The run failed for good.",
    State.CANCELLED: "The run was cancelled.",
    State.PENDING: "The run waits for another attempt, due {run.due:%F %T} UTC.",
}


def perform(
    job: Job,
    services: Services,
    run: Run,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Make one attempt at a claimed run; returns the run as it left it. Raises LeaseLost.

    `on_progress` hears at once what the ledger is told at the next heartbeat.
    """
    return Performance(job, services, run, on_progress).run()
