"""Random interleavings of every transition, by several actors, on a store that fails at random.

An act is one actor's call. While it is under way (it has read, and is about to commit) another
actor's act may come in between, and any of its calls to the store may fail, also after they were
applied. After each act the whole ledger is compared with what was there before and with what the
actors were told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from common.documents import Conflict, Documents
from common.errors import Unavailable
from common.runs import (
    Failure,
    Follows,
    LeaseLost,
    Outcome,
    Refused,
    Run,
    Runs,
    State,
    Worker,
    transitions,
)
from tests.faults import FAULTS, Faulty
from tests.time import FakeTime

TALLY = Counter()
"""How often an act was an owner's, and how often one's whose run had been taken away."""

ACTORS = 3
RUNS = 2
MAX_ATTEMPTS = 3

STATUS = {
    State.PENDING: "pending",
    State.STARTING: "pending",
    State.RUNNING: "processing",
    State.SUCCEEDED: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "failed",
}

ALLOWED = {
    State.PENDING: {State.STARTING, State.RUNNING, State.CANCELLED},
    State.STARTING: {State.PENDING, State.RUNNING, State.CANCELLED, State.FAILED},
    State.RUNNING: {State.PENDING, State.SUCCEEDED, State.FAILED, State.CANCELLED},
    State.FAILED: {State.PENDING},
    State.SUCCEEDED: set(),
    State.CANCELLED: set(),
}
"""The ways out of each state, as docs/architecture.md draws them."""


@dataclass
class Actor:
    """A worker and a dispatcher in one, as it remembers what it was told."""

    name: str
    runs: Runs
    held: dict[int, Run] = field(default_factory=dict)
    """Run index → the run as this actor claimed it, also after it was taken away."""
    execution: object = None
    told_succeeded: dict[int, str] = field(default_factory=dict)


class Interposed(Faulty):
    """Runs another's act just before the next commit."""

    between: Callable[[], None] | None = None

    def _commit(self, writes, token):
        act, self.between = self.between, None
        if act:
            act()
        return super()._commit(writes, token)


OFTEN = ("claim", "claim", "steal", "steal", "steal", "expire", "succeed", "fail", "give_back")
ACTS = (
    *OFTEN, "submit", "reserve", "reserve", "release", "unclaimed", "renew", "checkpoint",
    "touch", "touch", "fail_for_good", "stop", "cancel", "rescue", "replay", "replay",
)  # fmt: skip
OWNERS = {"renew", "checkpoint", "succeed", "fail", "fail_for_good", "give_back", "stop"}
act = st.tuples(st.sampled_from(ACTS), st.integers(0, ACTORS - 1), st.sampled_from([0, 0, 0, 1]))


class Ledger(RuleBasedStateMachine):
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
            self.check_alone(run)
            follower = self.truth.get("creations", run.id).data
            assert follower["status"] == STATUS[run.state], "its follower is out of step"
            if index in self.before:
                self.check_step(self.before[index], run, index)
            self.check_told(run, index)
            self.before[index] = run

    def check_alone(self, run):
        opened = [attempt for attempt in run.attempts if attempt.outcome is None]
        assert [a.number for a in run.attempts] == list(range(1, len(run.attempts) + 1))
        assert len({a.token for a in run.attempts}) == len(run.attempts)
        if run.state is State.RUNNING:
            assert opened == [run.attempts[-1]]
            assert run.token == opened[0].token
            assert run.lease_until is not None
        else:
            assert opened == []
            assert run.token is None
        assert (run.execution is not None) == (run.state is State.STARTING)
        assert (run.ended is not None) == run.state.ended
        assert (run.result is not None) == (run.state is State.SUCCEEDED)
        assert run.failures <= MAX_ATTEMPTS

    def check_step(self, old, new, index):
        """Acts may follow each other between two looks, but each leaves a legal trace."""
        ended = [a for a in old.attempts if a.outcome is not None]
        assert list(new.attempts[: len(ended)]) == ended, "history was rewritten"
        assert len(new.attempts) >= len(old.attempts), "history was lost"
        if old.state in {State.SUCCEEDED, State.CANCELLED}:
            assert new.version == old.version, "there is no way out of a terminal state"
        if old.state is State.FAILED and new.version != old.version:
            assert index in self.replayed, "only a replay leads out of failed"
        if new.state is not old.state and new.version != old.version:
            assert self.reachable(old.state, new.state)

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

    @staticmethod
    def reachable(start, end):
        found, todo = set(), [start]
        while todo:
            for state in ALLOWED[todo.pop()] - found:
                found.add(state)
                todo.append(state)
        return end in found

    # --- how

    def do(self, name, actor_index, index):
        actor = self.actor(name, actor_index, index)
        # A refusal is an answer; so is silence. What they may not do is leave something wrong.
        with suppress(Refused, Conflict, Unavailable):
            getattr(self, f"do_{name}")(actor, index)

    def actor(self, name, actor_index, index):
        """Whose act it is: an owner's act is one's who was given the run, now or once."""
        holders = [actor for actor in self.actors if index in actor.held]
        among = holders if name in OWNERS and holders else self.actors
        return among[actor_index % len(among)]

    def do_submit(self, actor, index):
        now = self.time.now()
        run = Run(
            id=self.ids[index],
            job="job",
            queue="queue",
            params="{}",
            created=now,
            due=now,
            max_attempts=MAX_ATTEMPTS,
            follows=Follows(collection="creations", id=self.ids[index]),
        )
        actor.runs.submit(run)
        self.accepted.add(index)

    def do_touch(self, actor, index):
        """The owner of what follows the run writes it, too."""
        actor.runs.documents.update(
            "creations", self.ids[index], lambda found: {"touched": found is not None}
        )

    def do_expire(self, _actor, _index):
        self.time.advance(61)

    def do_steal(self, actor, index):
        """What a claim by another amounts to once a lease has run out."""
        self.time.advance(61)
        self.do_claim(actor, index)

    def do_reserve(self, actor, index):
        if index in self.accepted:
            (actor.execution,) = actor.runs.reserve([actor.runs.get(self.ids[index])])

    def do_release(self, actor, _index):
        if actor.execution:
            actor.runs.release(actor.execution)

    def do_unclaimed(self, actor, index):
        if index in self.accepted:
            actor.runs.unclaimed(actor.runs.get(self.ids[index]), "nobody came")

    def do_claim(self, actor, index):
        if index in self.accepted:
            reserved, mine = actor.runs.get(self.ids[index]).execution, actor.execution
            execution = reserved if mine and mine.id == reserved else None
            worker = Worker(execution=execution, name=actor.name)
            actor.held[index] = actor.runs.claim(self.ids[index], worker)

    def do_renew(self, actor, index):
        self.as_owner(actor, index, transitions.renew, lease=timedelta(60), progress=None)

    def do_checkpoint(self, actor, index):
        self.as_owner(
            actor, index, transitions.checkpoint, text=f'"{actor.name}"', lease=timedelta(60)
        )

    def do_succeed(self, actor, index):
        result = f'"{actor.name} {len(actor.told_succeeded)}"'
        if self.as_owner(actor, index, transitions.succeed, result=result):
            actor.told_succeeded.setdefault(index, result)

    def do_fail(self, actor, index):
        error = Failure(type="Error", message="it may pass", retryable=True)
        self.as_owner(actor, index, transitions.fail, error=error, retry_in=timedelta(seconds=60))

    def do_fail_for_good(self, actor, index):
        error = Failure(type="Error", message="it will not pass", retryable=False)
        self.as_owner(actor, index, transitions.fail, error=error, retry_in=None)

    def do_give_back(self, actor, index):
        self.as_owner(actor, index, transitions.give_back)

    def do_stop(self, actor, index):
        held = actor.held.get(index)
        if held and actor.runs.get(self.ids[index]).cancel_requested:
            self.as_owner(actor, index, transitions.stop)

    def do_cancel(self, actor, index):
        if index in self.accepted:
            actor.runs.cancel(self.ids[index])

    def do_rescue(self, actor, index):
        if index not in self.accepted:
            return
        run = actor.runs.get(self.ids[index])
        if transitions.is_lost(run, now=self.time.now()):
            actor.runs.rescue(run, "its lease has run out")

    def do_replay(self, actor, index):
        if index in self.accepted:
            self.replayed.add(index)
            actor.runs.replay(self.ids[index])

    def as_owner(self, actor, index, transition, **how):
        """Act with the token that the actor was given, be it valid yet or not."""
        held = actor.held.get(index)
        if held is None:
            return False
        truth = Runs(self.truth).get(self.ids[index])
        mine = truth.attempt(held.token)
        stale = truth.token != held.token and (mine is None or mine.outcome is Outcome.LOST)
        TALLY["stale" if stale else "own"] += 1
        try:
            actor.held[index] = actor.runs.apply(
                held,
                lambda run: transition(run, token=held.token, now=self.time.now(), **how),
            )
        except LeaseLost:
            return False
        assert not stale, "a zombie's write was taken"
        return True
