"""Random interleavings of every transition, by several actors, on a store that fails at random.

An act is one actor's call. While it is under way (it has read, and is about to commit) another
actor's act may come in between, and any of its calls to the store may fail, also after they were
applied. After each act the whole ledger is compared with what was there before and with what the
actors were told.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from common.documents import Documents
from common.runs import Run, Runs, State
from tests.faults import FAULTS
from tests.runs.acts import ACTORS, MAX_ATTEMPTS, Actor, Acts, act
from tests.runs.laws import STATUS, check_alone, check_step
from tests.runs.meddling import Interposed
from tests.time import FakeTime

RUNS = 2


class Ledger(Acts, RuleBasedStateMachine):
    """Opens its store by `open_store`, which a test sets."""

    open_store: Callable[..., Documents]

    def __init__(self) -> None:
        super().__init__()
        self.time = FakeTime()
        self.truth = type(self).open_store(clock=self.time.clock)
        self.ids = [f"run{index}{id(self):x}" for index in range(RUNS)]
        self.actors = [
            Actor(f"actor{i}", Runs(Interposed(self.truth, clock=self.time.clock)))
            for i in range(ACTORS)
        ]
        self.accepted: set[int] = set()
        self.before: dict[int, Run] = {}
        self.replayed: set[int] = set()
        self.do("submit", 0, 0)

    # --- what can happen

    @rule(first=act)
    def alone(self, first):
        self.do(*first)

    @rule(first=act, second=act)
    def overtaken(self, first, second):
        def between() -> None:
            self.do(*second)
            self.look()

        actor = self.actor(*first)
        if self.actor(*second) is not actor:
            actor.runs.documents.between = between
        self.do(*first)
        actor.runs.documents.between = None

    @rule(
        first=act,
        faults=st.lists(st.sampled_from([None, *FAULTS]), min_size=1, max_size=6),
        patient=st.booleans(),
    )
    def on_a_failing_store(self, first, faults, patient):
        store = self.actor(*first).runs.documents
        store.faults.extend(faults)
        store.patience = 10.0 if patient else 0.0
        self.do(*first)
        store.faults.clear()
        store.patience = 10.0

    @rule(seconds=st.sampled_from([1, 30, 400, 1000]))
    def time_goes_by(self, seconds):
        self.time.advance(seconds)

    # --- what must hold

    @invariant()
    def compare(self):
        self.look()
        self.replayed.clear()

    def look(self):
        for index in self.accepted:
            run = Runs(self.truth).find(self.ids[index])
            assert run is not None, "an accepted run was lost"
            check_alone(run, MAX_ATTEMPTS)
            follower = self.truth.get("creations", run.id).data
            assert follower["status"] == STATUS[run.state], "its follower is out of step"
            if index in self.before:
                check_step(self.before[index], run, replayed=index in self.replayed)
            self.check_told(run, index)
            self.before[index] = run

    def check_told(self, run, index):
        owners = [
            actor.name
            for actor in self.actors
            if index in actor.held and actor.held[index].token == run.token
        ]
        assert len(owners) <= 1 or run.token is None, f"{owners} all own run {index}"
        for actor in self.actors:
            if index in actor.told_succeeded:
                assert run.state is State.SUCCEEDED
                assert run.result == actor.told_succeeded[index]
