"""Random interleavings of dispatchers, draining tasks and sweeps, on a store that fails at random.

While an act is about to commit, another's act may come in between. After each of them the limits of
the queue hold; and however it went, at the end dispatchers and tasks that do their work bring every
run to its end.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from common.dispatch import Dispatcher
from common.dispatch.executors import Counts, StartRefused
from common.documents import Conflict
from common.errors import RunjobsError, Unavailable
from common.runs import (
    Drain,
    Failure,
    Line,
    Priority,
    QueueLimits,
    Queues,
    Refused,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.dispatch.history import begins, most_within
from tests.dispatch.stub import LOST, Stub
from tests.faults import FAULTS
from tests.runs.making import made
from tests.runs.meddling import Interposed
from tests.time import FakeTime

TALLY: Counter[str] = Counter()
"""How often what happened."""

ACTORS = 3
LIMITS = QueueLimits(max_concurrent=2, max_per_second=2, burst=3)
MOST_RUNS = 12
OUTCOMES = (None, None, LOST, Unavailable("No answer."), StartRefused("Too many.", retryable=True))


class Platform(Stub):
    """Starts what it is told to, and knows which tasks are over."""

    def __init__(self):
        super().__init__()
        self.over = set()

    def describe(self, job, name):  # noqa: ARG002
        number = int(name.rpartition("-")[2])
        tasks = self.launches[number - 1].tasks
        over = frozenset(task for task in range(tasks) if (number, task) in self.over)
        return Counts(tasks=tasks, ended=len(over) == tasks, over=over)


class Task:
    """A container: it comes for what is reserved for it, and drains."""

    def __init__(self, crew, number, index):
        self.crew, self.place = crew, (number, index)
        launch = crew.platform.launches[number - 1]
        self.worker = Worker(execution=launch.execution, name=f"noop-{number}", task=index)
        self.id = launch.runs[index]
        self.store = Interposed(crew.truth, clock=crew.time.clock)
        self.runs, self.run = Runs(self.store), None
        self.drain = Drain(self.runs, self.worker, tasks=launch.tasks, clock=crew.time.clock)

    def work(self, act):
        """Begin, or end the run in hand as told and go on to the next; whatever is raised is the
        end of the process."""
        run, self.run = self.run, None
        try:
            if run is None:
                self.run = self.runs.claim(self.id, self.worker)
            else:
                self.drain.hand_over(run, lambda it: self.step(act, it, run.token))
                self.run = self.drain.claim(self.pause)
                TALLY["drained" if self.run else "left"] += 1
        except (RunjobsError, Conflict) as error:
            TALLY[type(error).__name__] += 1
        if self.run is None:
            self.die()

    def step(self, act, run, token):
        now = self.crew.time.now()
        if act == "succeed":
            return transitions.succeed(run, token=token, now=now, result="1")
        if act == "interrupt":
            return transitions.give_back(run, token=token, now=now)
        error = Failure(type="E", message="no", retryable=True)
        wait = timedelta(seconds=5)
        return transitions.fail(run, token=token, now=now, error=error, retry_in=wait)

    def pause(self, seconds):
        self.crew.time.advance(seconds)
        TALLY["held"] += 1
        return True

    def die(self):
        self.crew.platform.over.add(self.place)
        self.crew.tasks.remove(self)


actors = st.integers(0, ACTORS - 1)
acts = st.one_of(
    st.tuples(st.just("dispatch"), actors, st.sampled_from(OUTCOMES)),
    st.tuples(st.just("sweep"), actors, st.none()),
    st.tuples(st.just("submit"), st.sampled_from("abc"), st.sampled_from(Priority)),
    st.tuples(st.just("come"), st.integers(0, 9), st.none()),
    st.tuples(
        st.just("work"),
        st.integers(0, 9),
        st.sampled_from(["succeed", "succeed", "fail", "interrupt", "die"]),
    ),
    st.tuples(st.just("cancel"), st.integers(0, 99), st.none()),
)


class Crew(RuleBasedStateMachine):
    """Opens its store by `open_store`, which a test sets."""

    def __init__(self):
        super().__init__()
        self.time = FakeTime()
        self.truth = type(self).open_store(clock=self.time.clock)
        self.ledger, self.line = Runs(self.truth), Line(self.truth)
        self.platform, self.tasks = Platform(), []
        self.stores = [Interposed(self.truth, clock=self.time.clock) for _ in range(ACTORS)]
        self.dispatchers = [
            Dispatcher(Runs(store), self.platform, clock=self.time.clock) for store in self.stores
        ]
        self.come_for = 0, 0
        self.ids = []
        Queues(self.truth).declare("q", LIMITS)
        for tenant in "aab":
            self.submit(tenant, Priority.NORMAL)

    @rule(act=acts)
    def alone(self, act):
        self.do(act)

    @rule(act=acts, other=acts)
    def overtaken(self, act, other):
        def between():
            self.do(other)
            self.check()

        store = self.store_of(act)
        if store is not None and store is not self.store_of(other):
            store.between = between
        self.do(act)
        if store is not None:
            store.between = None

    @rule(
        act=acts, faults=st.lists(st.sampled_from([None, *FAULTS]), max_size=8), keen=st.booleans()
    )
    def on_a_failing_store(self, act, faults, keen):
        store = self.store_of(act)
        if store is None:
            return
        store.faults.extend(faults)
        store.patience = 10.0 if keen else 0.0
        self.do(act)
        store.faults.clear()
        store.patience = 10.0

    @rule(seconds=st.sampled_from([1, 5, 40, 61, 300]))
    def time_goes_by(self, seconds):
        self.time.advance(seconds)

    @invariant()
    def check(self):
        """As it can be seen from outside at any moment."""
        assert self.line.active("q") <= LIMITS.max_concurrent
        runs = [self.ledger.get(id) for id in self.ids]
        owned = [run.token for run in runs if run.state is State.RUNNING]
        assert len(set(owned)) == len(owned)
        times = begins(runs) or [0.0]
        for seconds in (0.5, 2.0, 10.0):
            assert most_within(times, seconds) <= 2 * seconds + 3

    def teardown(self):
        """Everybody does his work, and nothing is left undone."""
        for _ in range(200):
            self.dispatchers[0].sweep()
            for _ in range(2):
                self.do(("come", 0, None))
            for task in list(self.tasks):
                if task in self.tasks:
                    task.work("succeed")
            self.check()
            if not self.line.queues():
                break
            self.time.advance(7)
        found = [self.ledger.get(id) for id in self.ids]
        assert all(run.state.ended for run in found), [run.state for run in found]
        assert all(run.error.type != "NeverClaimed" for run in found if run.error)

    # --- how

    def store_of(self, act):
        name, who, _ = act
        if name in {"dispatch", "sweep"}:
            return self.stores[who]
        if name == "work" and self.tasks:
            return self.tasks[who % len(self.tasks)].store
        return None

    def do(self, act):
        name, who, what = act
        with suppress(Refused, Conflict, Unavailable):
            getattr(self, name)(who, what)

    def dispatch(self, who, outcome):
        self.platform.outcomes.append(outcome)
        try:
            TALLY["started"] += len(self.dispatchers[who].dispatch("q").started)
        finally:
            self.platform.outcomes.clear()

    def sweep(self, who, _):
        TALLY["rescued"] += len(self.dispatchers[who].sweep().rescued)

    def submit(self, tenant, priority):
        if len(self.ids) < MOST_RUNS:
            run = made(self.time.now(), tenant=tenant, priority=priority)
            self.ids.append(self.ledger.submit(run).id)

    def come(self, _who, _what):
        """The next container that was started."""
        number, index = self.come_for
        while number < len(self.platform.launches):
            launch = self.platform.launches[number]
            if index < launch.tasks and launch.execution in self.platform.names:
                self.come_for = number, index + 1
                task = Task(self, number + 1, index)
                self.tasks.append(task)
                task.work(None)
                return
            number, index = number + 1, 0
        self.come_for = number, index

    def work(self, who, act):
        if not self.tasks:
            return
        task = self.tasks[who % len(self.tasks)]
        if act == "die":
            task.die()
        else:
            task.work(act)

    def cancel(self, who, _):
        self.ledger.cancel(self.ids[who % len(self.ids)])
