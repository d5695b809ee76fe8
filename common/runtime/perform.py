"""One attempt: the job's function is run beside a heartbeat, and its outcome becomes the run's."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress

from common.runs import Failure, LeaseLost, Progress, Run, State
from common.runtime.children import Children
from common.runtime.context import Context
from common.runtime.declare import Job
from common.runtime.failures import failure
from common.runtime.heartbeat import Heartbeat
from common.runtime.jsontext import RESULT_BYTES, from_json, to_json
from common.runtime.lease import End, Lease
from common.runtime.log import Log
from common.runtime.signals import Signals
from common.runtime.stopping import Cancelled, Interrupted, Lost, Stop, Stopper, TimedOut
from common.services import Services

__all__ = ["INTERRUPTED", "Performance", "exit_code", "perform", "threads_left"]

INTERRUPTED = 143
"""Exit code of a process that SIGTERM ended, by the shells' convention."""
_LEAVE = 1.5
"""Seconds for giving back a run whose function does not end, before the process does."""

Finish = Callable[[], Run]


class Performance:
    """The parts of one attempt."""

    def __init__(
        self,
        job: Job,
        services: Services,
        run: Run,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        end: End | None = None,
    ) -> None:
        self.job = job
        self.log = Log()
        self._began = time.monotonic()
        self._before = set(threading.enumerate())
        self._is_wild = False
        self.lease = Lease(services.runs, run, end=end)
        self.children = Children()
        self.stopper = Stopper(
            self._leave, left=lambda: self.lease.left, time=lambda: self._time_left
        )
        self.heartbeat = Heartbeat(self.lease, self.stopper.ask, on_progress)
        self.context = Context(
            services=services,
            lease=self.lease,
            stopper=self.stopper,
            heartbeat=self.heartbeat,
            children=self.children,
            log=self.log,
            deadline=run.attempts[-1].started + job.timeout,
        )

    def run(self, signals: Signals) -> Run:
        """Run the function to its end, and say in the ledger how it ended."""
        self.log.info(
            f"Attempt {self.context.attempt} of {self.job.name} begins.", action="attempt-began"
        )
        try:
            with self.heartbeat:
                signals.listen(self._told)
                finish = self._call()
                self.context.clean()  # nothing of this attempt goes on when the next one may begin
                return self._finish(finish)
        finally:
            self.context.clean()

    def _call(self) -> Finish:
        """Call the function; returns how to finish."""
        try:
            text = self._result()
        except Stop as stop:
            return self._stopped(stop)
        except LeaseLost:
            return self._stopped(Lost())
        except BaseException as error:  # noqa: BLE001 - even sys.exit: the ledger shall know
            self._is_wild = not isinstance(error, Exception) or isinstance(error, MemoryError)
            return self._failed(error)
        return lambda: self.lease.succeed(text)

    @property
    def is_sound(self) -> bool:
        """Whether the function has ended by itself, and left the process fit for another run."""
        stopped = self.stopper.asked is not None
        return not (stopped or self._is_wild or threads_left(self._before))

    @property
    def _time_left(self) -> float:
        return self._began + self.job.timeout.total_seconds() - time.monotonic()

    def _result(self) -> str:
        try:
            with self.stopper.interruptible():
                params = self.job.validate(from_json(self.lease.run.params))
                result = self.job(params, self.context)
        finally:
            self.stopper.over = True  # an interrupt may have struck as the block was being left
        return to_json(result, what="The result", limit=RESULT_BYTES)

    def _failed(self, error: BaseException) -> Finish:
        found = failure(error)
        stop = self.stopper.asked
        if stop is not None and found.retryable:
            # What breaks after being told to end, such as a child that was told too, broke of that.
            self.log.warning(f"While ending, {found.type}: {found.message}", action="ended-badly")
            return self._stopped(stop)
        return self._fail(found)

    def _fail(self, found: Failure) -> Finish:
        self.log.error(f"{found.type}: {found.message}", action="attempt-failed")
        if found.trace:
            self.log.error(found.trace.rstrip(), action="attempt-traceback")
        retry_in = self.job.retry.after(found, failures=self.lease.run.failures + 1)
        return lambda: self.lease.fail(found, retry_in)

    def _stopped(self, stop: Stop) -> Finish:
        match stop:
            case Cancelled():
                return self.lease.stop
            case TimedOut():
                seconds = self.job.timeout.total_seconds()
                return self._fail(failure(TimeoutError(f"Not finished within {seconds:g} s.")))
            case Lost():
                return self._raise_lost
            case _:
                return self.lease.give_back

    def _finish(self, finish: Finish) -> Run:
        """Finish while the lease lasts: later, another may own the run."""
        documents = self.lease.runs.documents
        usual = documents.patience
        documents.patience = max(usual, self.lease.remaining)
        try:
            run = finish()
        finally:
            documents.patience = usual
        said = _ENDINGS.get(run.state, _GOES_ON).format(run=run)
        self.log.info(said, action=f"run-{run.state}")
        return run

    def _raise_lost(self) -> Run:
        raise LeaseLost(f"Run {self.lease.run.id} is no longer this attempt's.")

    def _leave(self, stop: Stop) -> None:
        """The function does not end: finish without it, and end the process.

        It may hold the lease's lock or the log's, in a call that never returns, so the finishing
        is waited for only so long.
        """
        codes = [INTERRUPTED]
        finishing = threading.Thread(target=self._abandon, args=(stop, codes), daemon=True)
        finishing.start()
        finishing.join(_LEAVE)
        os._exit(codes[-1])

    def _abandon(self, stop: Stop, codes: list[int]) -> None:
        with suppress(Exception):
            self.children.kill()
            codes.append(_exit_code_of(self._stopped(stop)))
            self.log.error("The job did not end when asked to; it is left behind.", action="left")
            sys.stdout.flush()

    def _told(self) -> None:
        # Cloud Run says a timeout and an eviction alike; only the time tells them apart, and the
        # task began a little earlier than we.
        timeout = self.job.timeout.total_seconds()
        late = time.monotonic() - self._began >= timeout - min(5.0, 0.1 * timeout)
        self.stopper.ask(TimedOut() if late else Interrupted())


_GOES_ON = "The run is another attempt's already."  # the answer to ours having been lost
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
    signals: Signals | None = None,
) -> Run:
    """Make one attempt at a claimed run; returns the run as it left it. Raises LeaseLost.

    `on_progress` hears at once what the ledger is told at the next heartbeat. `signals` are those
    that the caller has held since before the claim.
    """
    with nullcontext(signals) if signals else Signals() as held:
        return Performance(job, services, run, on_progress=on_progress).run(held)


def threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that were started since, and would keep the process from ending."""
    return [it for it in threading.enumerate() if it not in before and not it.daemon]


def exit_code(run: Run) -> int:
    """What the process says of the run as its attempt left it."""
    if run.state is State.SUCCEEDED:
        return 0
    interrupted = run.state is State.PENDING and run.attempts[-1].error is None
    return INTERRUPTED if interrupted else 1


def _exit_code_of(finish: Finish) -> int:
    try:
        return exit_code(finish())
    except LeaseLost:
        return 0
