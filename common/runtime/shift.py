"""The runs of one task, one after the other, until there is none left or its time is over.

A run that breaks the process takes nothing with it, for the next one is claimed only when it has
ended. One that leaves the process in a doubtful state, such as with threads that go on, ends the
shift: the next run gets a container of its own.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import timedelta
from functools import partial

from common.documents import Conflict
from common.errors import RunjobsError
from common.runs import Batches, Drain, Line, Run, State, Worker
from common.runs.billing import MINIMUM, billed
from common.runtime.beside import beside
from common.runtime.declare import Job
from common.runtime.perform import Performance, exit_code
from common.runtime.signals import Signals
from common.runtime.telling import Telling
from common.services import Services

__all__ = ["Shift"]

_FULL = 0.8
"""Share of its memory beyond which a process takes no other run."""
_SHARED = 400
"""Runs among which the rest of a minute is shared: of more, each one's part is next to nothing."""
_GLANCE = 0.1
_TOLD = 30.0
"""Seconds for which telling is waited for at the end; what is not told, a sweep finds."""
_LOOK = 0.5
"""Seconds between two looks at the memory in use."""
_LATER = timedelta(seconds=1)


class Shift:
    """What one task does."""

    def __init__(  # noqa: PLR0913 - the parts of a task
        self,
        job: Job,
        services: Services,
        worker: Worker,
        signals: Signals,
        *,
        tasks: int = 1,
        began: float | None = None,
        on_run: Callable[[Run], None] = lambda _: None,
    ) -> None:
        """`began` is when the process did, by the monotonic clock; `on_run` hears of each run."""
        self._job, self._services, self._signals = job, services, signals
        self._resources = job.resources
        self._looked, self._swollen = float("-inf"), False
        self._on_run = on_run
        self._began = time.monotonic() if began is None else began
        self._billed = self._began
        self._drain = Drain(
            services.runs,
            worker,
            queues=services.queues,
            tasks=tasks,
            may_go_on=self._may_go_on,
        )
        self._performance: Performance | None = None
        self._ended: list[Run] = []
        self._telling = Telling()
        self._is_paid = False
        self._by_itself = worker.execution is None

    def work(self, run: Run) -> int:
        """Perform the run, and those after it; returns the process's exit code."""
        code = 0
        following: Run | None = run
        while following is not None:
            self._on_run(following)
            self._performance = Performance(self._job, self._services, following, end=self._end)
            with self._watched():
                ended = self._performance.run(self._signals)
            code = code or exit_code(ended)
            self._have_told(ended)
            following = self._drain.claim(self._pause)
        self._close(run.queue)
        return code

    def _end(self, run: Run, step: Callable[[Run], Run]) -> Run:
        """End a run and, if there is one and it may be, claim the next."""
        now = time.monotonic()
        seconds, self._billed = now - self._billed, now
        rest = max(0.0, MINIMUM - (now - self._began))
        alone = not self._ended

        def last(run: Run) -> Run:
            self._is_paid = alone
            return self._bill(step, seconds + rest if alone else seconds)(run)

        ended = self._drain.hand_over(run, self._bill(step, seconds), last=last)
        if len(self._ended) < _SHARED:
            self._ended.append(ended)
        return ended

    def _bill(self, step: Callable[[Run], Run], seconds: float) -> Callable[[Run], Run]:
        def stepped(run: Run) -> Run:
            ended = step(run)
            return run if ended is run else billed(ended, seconds, self._resources)

        return stepped

    def _may_go_on(self) -> bool:
        """Whether this process may take another run."""
        drained = time.monotonic() - self._began >= self._job.drain.total_seconds()
        performance = self._performance
        if drained or self._signals.told or performance is None or not performance.is_sound:
            return False
        return not self._is_swollen()

    def _watched(self) -> AbstractContextManager[None]:
        """Have a sweep look after a task that no dispatcher has started, once."""
        by_itself, self._by_itself = self._by_itself, False
        return beside(self._ask_for_a_sweep, name="watched") if by_itself else nullcontext()

    def _ask_for_a_sweep(self) -> None:
        with suppress(RunjobsError):
            documents = self._services.documents
            self._services.look_at(None, documents.now() + self._services.runs.lease)

    def _have_told(self, ended: Run) -> None:
        """Tell of it beside the next run, whose lease goes on meanwhile."""
        is_later = ended.state is State.PENDING and not ended.ready
        if is_later or (ended.state.ended and (ended.then or ended.awaited)):
            self._telling.add(partial(self._tell, ended))

    def _tell(self, ended: Run) -> None:
        """Have looked after whatever has come of a run that has ended."""
        with suppress(RunjobsError):  # else a sweep finds it
            if ended.state is State.PENDING and not ended.ready:
                self._services.look_at(ended.queue, ended.due)
            if ended.state is State.SUCCEEDED and ended.then:
                self._services.look_at(ended.then.queue)
            if ended.awaited and ended.batch and ended.state.ended:
                continuation = Batches(self._services.runs).continue_one(ended.batch)
                if continuation is not None:
                    self._services.look_at(continuation.queue)

    def _close(self, queue: str) -> None:
        """Share out the rest of the minute, and leave the slot to others."""
        self._telling.close(_TOLD)
        with suppress(RunjobsError):
            self._share()
            documents = self._services.documents
            if Line(documents).next(self._services.queues.get(queue), 1).runs:
                # Whoever is told to end has no time to start others.
                later = documents.now() + _LATER if self._signals.told else None
                self._services.look_at(queue, later)

    def _share(self) -> None:
        rest = MINIMUM - (time.monotonic() - self._began)
        if self._is_paid or rest <= 0 or not self._ended:
            return
        part, runs = rest / len(self._ended), self._services.runs
        steps = [(run, billed(run, part, self._resources)) for run in self._ended]
        for at in range(0, len(steps), 200):
            try:
                runs.commit_all(steps[at : at + 200])
            except Conflict:  # some are others' by now
                self._share_singly(steps[at : at + 200])

    def _share_singly(self, steps: list[tuple[Run, Run]]) -> None:
        for step in steps:
            with suppress(Conflict):
                self._services.runs.commit_all([step])

    def _pause(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._signals.told:
            time.sleep(min(left, _GLANCE))
        return not self._signals.told

    def _is_swollen(self) -> bool:
        """Whether memory is nearly full, as of the last look, which takes longer than some runs."""
        now = time.monotonic()
        if now - self._looked > _LOOK:
            self._looked = now
            self._swollen = _memory() > _FULL * self._resources.gib
        return self._swollen


def _memory() -> float:
    """The most that this process has used, in GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**3
