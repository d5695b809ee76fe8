"""What serving costs while nothing happens, or nothing but what must."""

from __future__ import annotations

from datetime import timedelta

from common.dispatch.wakeups import Wakeup
from common.runs import Run, transitions
from tests.dispatch.laptop import HOUR, MINUTE


def test_an_idle_hour_costs_a_look_each_half_second_and_the_nets_two_writes(laptop):
    laptop.serve(1)
    laptop.documents.calls.clear()
    laptop.serve(HOUR)
    calls = laptop.documents.calls
    assert calls.count("commit") == 2  # the sweep's lease, taken and given up
    assert len(calls) <= HOUR / 0.5 + 30


def test_after_the_last_run_has_ended_nothing_is_due_any_more(laptop):
    """In the cloud nobody looks for timers: without a wake-up nothing runs at all."""
    laptop.submit()
    run = laptop.claim()
    laptop.serve(30)
    laptop.succeed(run)
    laptop.serve(120)
    assert laptop.wakeups.describe().waiting == 0
    assert laptop.dispatcher.sweep().next is None
    assert laptop.wakeups.describe().waiting == 0


def test_doubled_sweeps_do_not_multiply(laptop):
    """Forty begin within forty seconds of a run that is under way; soon they are as one."""
    tasks = Tasks(laptop)
    tasks.start()
    for second in range(40):
        at = laptop.time.now() + timedelta(seconds=second)
        laptop.wakeups.schedule(Wakeup(kind="sweep", name="", at=at))
    moments = sweeps_of(laptop)
    laptop.serve(15 * MINUTE, meanwhile=tasks.beat)
    late = [moment for moment in moments if moment > 5 * MINUTE]
    assert len(late) >= 10
    assert len(late) <= 10 * MINUTE / 15
    assert laptop.wakeups.describe().waiting <= 4


def test_sweeps_are_no_more_however_many_executions_are_started(laptop):
    """Each start has a sweep look after it, which has the next one come; these must meet."""
    tasks = Tasks(laptop)
    moments = sweeps_of(laptop)

    def meanwhile() -> None:
        if laptop.time.elapsed >= 20 * tasks.count:
            tasks.start()
        tasks.beat()

    laptop.serve(12 * MINUTE, meanwhile=meanwhile)
    assert tasks.count >= 36
    late = [moment for moment in moments if moment > 8 * MINUTE]
    assert 4 <= len(late) <= 4 * 5
    assert laptop.wakeups.describe().waiting <= 4


class Tasks:
    """Tasks of five minutes, as far as the ledger is concerned; the first one never ends."""

    def __init__(self, laptop) -> None:
        self.laptop = laptop
        self.count = 0
        self.ends: dict[str, float] = {}
        self.beats: dict[str, float] = {}
        self.runs: dict[str, Run] = {}

    def start(self) -> None:
        self.count += 1
        id, now = f"r{self.count}", self.laptop.time.elapsed
        self.laptop.submit(id)
        self.runs[id] = self.laptop.claim(id, len(self.laptop.stub.launches))
        self.beats[id] = now
        self.ends[id] = now + 5 * MINUTE if self.count > 1 else float("inf")

    def beat(self) -> None:
        """Renew the leases, or finish."""
        now = self.laptop.time.elapsed
        for id, run in [*self.runs.items()]:
            if now >= self.ends[id]:
                self.laptop.succeed(self.runs.pop(id))
            elif now - self.beats[id] >= 15:
                self.beats[id] = now
                self._renew(run)

    def _renew(self, run) -> None:
        renewed = {"now": self.laptop.time.now(), "lease": self.laptop.runs.lease, "progress": None}
        self.laptop.runs.apply(run, lambda it: transitions.renew(it, token=run.token, **renewed))


def sweeps_of(laptop):
    """The moments of all sweeps from now on."""
    moments, sweep = [], laptop.dispatcher.sweep

    def noted():
        moments.append(laptop.time.elapsed)
        return sweep()

    laptop.dispatcher.sweep = noted
    return moments
