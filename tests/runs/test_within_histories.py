"""Batches within batches under random histories: whoever dies where, and whoever comes between.

Runs are worked on by several at once, each of whom may be killed before or after any call to the
store, with others' acts in between. At the moment in which the outer batch is continued nothing in
it is open, and nothing comes to it afterwards; and in the end it is continued, once.
"""

from __future__ import annotations

import random
from collections import Counter
from types import SimpleNamespace

import pytest

from common.documents import Create, open_documents
from common.runs import Batch, Batches, Failure, Runs, State, Then, Worker, transitions
from common.runtime.offspring import Offspring
from tests.chaos.counts import trials
from tests.faults import Faulty
from tests.runs.making import given, made
from tests.time import FakeTime

AFTER = Then(job="noop", queue="q", max_attempts=9)
MOST = 40
"""Runs in one history."""
TALLY: Counter[str] = Counter()


class Killed(BaseException):
    """The process is gone."""


class Mortal(Faulty):
    """A process's own way to the store, on which it may die, and others may come between."""

    def __init__(self, world, *, depth, knife):
        super().__init__(world.store, clock=FakeTime().clock)
        self.world, self.depth, self.knife = world, depth, knife

    def _call(self, name, call):
        self.knife -= 1
        if self.knife == 0:
            raise Killed
        if self.depth and self.world.random.random() < 0.12:
            self.world.act(self.depth - 1)
        answer = super()._call(name, call)
        if self.knife == 1 and self.world.random.random() < 0.5:
            raise Killed  # after it
        return answer


class Watched(Faulty):
    """All writes go through here, and are judged."""

    world = None

    def _commit(self, writes, token):
        versions = super()._commit(writes, token)
        for write in writes:
            if isinstance(write, Create) and write.collection == "runs":
                self.world.judge(write)
        return versions


class World:
    def __init__(self, truth, seed):
        self.random, self.time = random.Random(seed), FakeTime()  # noqa: S311 - a history
        self.store = Watched(self.time.rule(truth), clock=FakeTime().clock)
        self.store.world = self
        self.runs = Runs(self.store)
        self.outer = f"outer{seed}"
        self.plans, self.dead, self.closed = {}, set(), None
        now = self.time.now()
        Batches(self.runs).begin(Batch(id=self.outer, total=2, created=now, then=AFTER, open=True))
        fields = {"batch": self.outer, "awaited": True, "max_attempts": 9}
        given(self.runs, [made(now, f"{self.outer}-{n}", **fields) for n in range(2)])
        Batches(self.runs).seal(self.outer)

    # --- what must hold

    def all(self):
        return self.runs.list({"batch": self.outer})

    def judge(self, write):
        if write.data.get("parent") == self.outer and write.data.get("batch") is None:
            assert self.closed is None, "continued twice"
            self.closed = write.id
            assert [run.id for run in self.all() if not run.state.ended] == [], "too early"
        elif self.outer in {write.data.get("batch"), write.data.get("root")}:
            assert self.closed is None, "a run came after the end"

    # --- what happens

    def act(self, depth=2):
        """Somebody does something, and may be killed at it."""
        knife = self.random.randint(1, 25) if self.random.random() < 0.35 else 0
        runs = Runs(Mortal(self, depth=depth, knife=knife))
        try:
            self.random.choice([self.work, self.work, self.work, self.rescue, self.sweep])(runs)
        except Killed:
            TALLY["killed"] += 1

    def work(self, runs):
        waiting = [run for run in self.all() if run.state is State.PENDING]
        if waiting:
            self.do(runs, self.random.choice(waiting))

    def do(self, runs, run):
        worker = Worker(execution=None, name="by-hand")
        token = None
        try:
            run = runs.apply(run, lambda it: self.claim(it, worker))
            if run.state is not State.RUNNING:
                return
            token = run.token
            self.bear(runs, run)
            ended = runs.apply(run, lambda it: self.end(it, token))
            Batches(runs).continue_one(ended.batch)
        except transitions.Refused:
            pass
        except Killed:
            self.dead.add(token)
            raise

    def claim(self, run, worker):
        now = self.time.now()
        return transitions.claim(
            run, token=f"{self.random.random()}", worker=worker, now=now, lease=self.runs.lease
        )

    def end(self, run, token):
        now, error = self.time.now(), Failure(type="E", message="no", retryable=False)
        if self.plans[run.id]["fails"]:
            return transitions.fail(run, token=token, now=now, error=error, retry_in=None)
        return transitions.succeed(run, token=token, now=now, result="null")

    def bear(self, runs, run):
        """What each attempt at it submits."""
        services = SimpleNamespace(runs=runs, documents=runs.documents, look_at=lambda *_: None)
        for key, (number, then) in enumerate(self.plan(run)["batches"]):
            Offspring(services, run).submit_many(
                "noop", [{}] * number, key=str(key), then=AFTER if then else None, within=True
            )
            TALLY["inner"] += 1
            TALLY["deeper"] += run.root is not None

    def plan(self, run):
        if run.id not in self.plans:
            pick = self.random
            room = len(self.plans) < MOST // 4
            batches = [
                (pick.randint(1, 2), pick.random() < 0.5) for _ in range(pick.choice([0, 1, 1, 2]))
            ]
            self.plans[run.id] = {
                "batches": batches if room else [],
                "fails": pick.random() < 0.2,
            }
        return self.plans[run.id]

    def rescue(self, runs):
        """Those whose owner was killed are due again; others' are left alone."""
        for run in self.all():
            if run.state is State.RUNNING and (run.token in self.dead or None in self.dead):
                self.dead.discard(None)
                runs.rescue(run, "gone")
                TALLY["rescued"] += 1
        self.time.advance(1_000)

    def sweep(self, runs):
        Batches(runs).continue_all()

    def finish(self):
        """Nobody is killed any more."""
        for _ in range(500):
            open_ = [run for run in self.all() if not run.state.ended]
            for run in open_:
                if run.state is State.RUNNING:
                    self.runs.rescue(run, "gone")
                self.time.advance(1_000)
                if self.runs.get(run.id).state is State.PENDING:
                    self.do(self.runs, self.runs.get(run.id))
            if not Batches(self.runs).continue_all() and not open_:
                return


def history(truth, seed):
    world = World(truth, seed)
    for _ in range(60):
        if world.closed:
            break
        world.act()
    world.finish()
    assert world.closed, f"seed {seed}: never continued"
    counts = Batches(world.runs).counts(world.outer)
    assert sum(count for state, count in counts.items() if not state.ended) == 0
    assert Batches(world.runs).begun_within(world.outer, going_on=True) == 0
    TALLY["runs"] += sum(counts.values())


def test_no_outer_batch_is_continued_too_early_twice_or_never(tmp_path):
    """Many histories, each with its own store."""
    TALLY.clear()
    for seed in range(trials(25, 3_000)):
        store = open_documents(f"sqlite:///{tmp_path}/{seed}.sqlite3")
        history(store, seed)
        store.close()
    print(dict(TALLY))  # noqa: T201
    for what in ("killed", "inner", "deeper", "rescued"):
        assert TALLY[what] > 20, TALLY


@pytest.mark.parametrize("seed", range(1))
def test_the_same_holds_on_firestore(firestore_url, seed):
    store = open_documents(firestore_url)
    history(store, seed)
    store.close()
