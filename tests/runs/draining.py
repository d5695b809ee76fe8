"""A task that goes from run to run, for tests."""

from __future__ import annotations

from common.runs import (
    Drain,
    Worker,
)
from tests.runs.making import claimed, given, made, succeeded


class Task:
    """A task of an execution that was started for one run, and what it has worked on."""

    def __init__(self, runs, time, number=0, *, first=None, **options):
        self.runs, self.time = runs, time
        first = first or given(runs, [made(time.now(), age=99)])[0]
        (self.execution,) = runs.reserve([runs.get(first.id)])
        self.worker = Worker(execution=self.execution.id, name=f"noop-{number}", task=0)
        self.drain = Drain(runs, self.worker, clock=time.clock, **options)
        self.run = claimed(runs, first, self.worker)
        self.done = []
        self.paused = []

    def end(self, step=None):
        """End the run in hand, and go on to the next one, if there is one."""
        run, self.run = self.run, None
        step = step or (lambda it: succeeded(it, self.time.now()))
        self.done.append(self.drain.hand_over(run, step))
        self.run = self.drain.claim(self.pause)
        return self.run

    def pause(self, seconds):
        self.paused.append(seconds)
        self.time.sleep(seconds)
        return True

    def work(self, *, each=0.0, most=10_000):
        """Work until there is nothing left; returns the ids in their order."""
        for _ in range(most):
            if self.run is None:
                break
            self.time.advance(each)
            self.end()
        return [run.id for run in self.done]
