"""Rows 6, 7 and 8: between the ledger and the platform, whichever of them fails."""

from __future__ import annotations

import random
import signal
from collections import Counter
from functools import partial

import pytest

from common.dispatch import Dispatcher
from common.dispatch.executors import Counts, StartRefused
from common.dispatch.governor import Governor, is_refused, starts
from common.documents import open_documents
from common.limits import Limiter
from common.runs import LEASE, NotClaimable, Run, Runs, State, transitions
from tests.chaos.counts import trials
from tests.dispatch.stub import LOST, Stub

SWEPT = 60.0
"""Seconds in which a sweep must have found it."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_dispatcher_killed_between_reserving_and_starting_loses_nothing(world, when, reached):
    """Row 6: `after`, the platform has the start, and nobody knows."""
    count, lost = trials(4, 500), 0
    world.dispatcher.queues.choose("chaos", {"max_concurrent": 100})
    at = point_of_the_start(world)
    for number in range(count):
        ids = world.new_ids(1 + number % 5)
        world.submit(ids, job="chaos-waits")
        knife = {"at": at, "when": when, "signal": "KILL"}
        killed = world.start("dispatch", queue="chaos", knife=knife)
        assert killed.wait() == -signal.SIGKILL
        assert killed.words == ["reached-start"]
        assert {world.runs.get(id).state for id in ids} == {State.STARTING}
        world.time.advance(SWEPT)
        swept = world.dispatcher.sweep()
        assert (swept.found, swept.troubles) == (1, [])
        assert sorted(swept.started) == (sorted(ids) if when == "before" else [])
        world.run_tasks()
        ended = [world.runs.get(id) for id in ids]
        lost += sum(run.state is not State.SUCCEEDED for run in ended)
        assert {len(run.attempts) for run in ended} == {1}
    assert lost == 0
    reached("6", count, f"killed {when} the start: {lost} lost, found by a sweep 60 s later")


def point_of_the_start(world) -> int:
    """The number of the call that is the start."""
    at = 0
    while True:
        at += 1
        (id,) = world.new_ids()
        world.submit([id], job="chaos-waits")
        knife = {"at": at, "when": "before", "signal": "KILL"}
        child = world.start("dispatch", queue="chaos", knife=knife)
        child.wait()
        world.runs.cancel(id)
        world.platform.new()
        if child.words == ["reached-start"]:
            world.time.advance(SWEPT)
            world.dispatcher.sweep()
            return at


# --- in one process, whose time is the test's


@pytest.fixture
def store(tmp_path, time):
    opened = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3", clock=time.clock)
    yield opened
    opened.close()


class Hiding(Stub):
    """Whose first start is not answered, and seen only when it was looked for a few times."""

    def __init__(self, hidden: int) -> None:
        super().__init__(LOST)
        self.hidden = hidden

    def find(self, job, execution, *, since):
        self.hidden -= 1
        return super().find(job, execution, since=since) if self.hidden < 0 else None

    def describe(self, job, name):  # noqa: ARG002 - none of its tasks has ended
        return Counts(tasks=1, ended=False)


def test_a_start_whose_answer_is_lost_leads_to_one_owner_and_two_executions_at_most(
    store,
    time,
    reached,
):
    """Row 7: its task comes before it is looked for, or after, or when it was given up."""
    count, executions = trials(40, 1000), Counter()
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - no secret
        executions[one_lost_answer(store, time, chance, f"r{number}")] += 1
    assert max(executions) <= 2
    assert executions[2]
    reached("7", count, f"1 owner each; 1 execution {executions[1]:,}, 2 {executions[2]:,} times")


def one_lost_answer(store, time, chance: random.Random, id: str) -> int:
    """Returns how many executions there were."""
    runs, stub = Runs(store), Hiding(chance.choice([0, 0, 1]))
    dispatcher = Dispatcher(runs, stub, clock=time.clock)
    now = store.now()
    run = Run(id=id, job="noop", queue="q", params="{}", created=now, due=now)
    dispatcher.submit(run)
    owners: list[Run] = []
    late = chance.randint(0, 6)
    for step in range(12):
        if step >= late:
            owners += claimed(runs, stub, id)
        for owner in owners:
            runs.apply(owner, partial(renewed, owner=owner, time=time))
        time.advance(chance.choice([5, 20, 41]))
        dispatcher.sweep()
    (owner,) = owners + claimed(runs, stub, id)
    assert [attempt.token for attempt in runs.get(id).attempts] == [owner.token]
    finish(runs, owner, time)
    return len(stub.names)


def renewed(run: Run, *, owner: Run, time) -> Run:
    return transitions.renew(run, token=owner.token, now=time.now(), lease=LEASE, progress=None)


def claimed(runs: Runs, stub: Stub, id: str) -> list[Run]:
    """The tasks of all executions there are come, the last one first; returns who got it."""
    owned = []
    for number in reversed(range(1, len(stub.launches) + 1)):
        if stub.launches[number - 1].execution in stub.names:
            try:
                owned.append(runs.claim(id, stub.worker(number)))
            except NotClaimable:
                continue
    return owned


def finish(runs: Runs, run: Run, time) -> None:
    runs.apply(run, lambda it: transitions.succeed(it, token=run.token, now=time.now(), result="1"))


PER_MINUTE = 60
WINDOW = 20.0
"""Seconds."""


class Rationed(Stub):
    """Refuses, by 429 and 503, more starts than its ration, and now and then without a reason."""

    def __init__(self, time, chance: random.Random) -> None:
        super().__init__()
        self.time, self.chance = time, chance
        self.asked_at: list[float] = []

    def start(self, launch) -> str:
        self.asked_at.append(self.time.monotonic())
        if self.chance.random() < 0.4:
            code = self.chance.choice([429, 503])
            self.outcomes.append(StartRefused(f"HTTP {code}.", retryable=True))
        return super().start(launch)


def test_refused_starts_are_tried_again_under_the_governors_rate_and_none_is_lost(
    store,
    time,
    reached,
):
    """Row 8: 40 % of the starts are refused."""
    count, asked, most = trials(2, 100), 0, 0
    for number in range(count):
        stub = Rationed(time, random.Random(number))  # noqa: S311 - no secret
        limits = starts(f"region{number}", PER_MINUTE)
        limiter = Limiter(store, limits, is_throttled=is_refused, clock=time.clock)
        dispatcher = Dispatcher(
            Runs(store),
            stub,
            governor=Governor(limiter),
            most_tasks=1,
            clock=time.clock,
        )
        ids = [f"r{number}-{n}" for n in range(10)]
        start_all(dispatcher, stub, ids, time)
        assert len(stub.names) == len(ids)
        asked += len(stub.asked_at)
        most = max(most, busiest(stub.asked_at, WINDOW))
    assert most <= PER_MINUTE * WINDOW / 60 + limits.burst
    reached("8", asked, f"starts asked, 40 % refused: 0 lost; at most {most} in {WINDOW:g} s")


def start_all(dispatcher: Dispatcher, stub: Stub, ids: list[str], time) -> None:
    """Submit, and sweep each second until all have run."""
    runs, now, done = dispatcher.runs, time.now(), 0
    for id in ids:
        runs.submit(Run(id=id, job="noop", queue="q", params="{}", created=now, due=now))
    for _ in range(300):
        dispatcher.sweep()
        while done < len(stub.launches):
            done += 1
            launch = stub.launches[done - 1]
            if launch.execution in stub.names:
                finish(runs, runs.claim(launch.runs[0], stub.worker(done)), time)
        if all(runs.get(id).state is State.SUCCEEDED for id in ids):
            return
        time.advance(1)
    raise AssertionError([runs.get(id).state for id in ids])


def busiest(moments: list[float], span: float) -> int:
    """The most calls in any span of that length."""
    return max(sum(at <= other < at + span for other in moments) for at in moments)
