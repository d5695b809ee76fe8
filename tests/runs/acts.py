"""What actors do to runs, by one call each."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

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
    Worker,
    transitions,
)
from tests.time import FakeTime

__all__ = ["act", "ACTORS", "MAX_ATTEMPTS", "TALLY", "Actor", "Acts"]

TALLY = Counter()
"""How often an act was an owner's, and how often one's whose run had been taken away."""

ACTORS = 3
MAX_ATTEMPTS = 3

OFTEN = ("claim", "claim", "steal", "steal", "steal", "expire", "succeed", "fail", "give_back")
ACTS = (
    *OFTEN, "submit", "reserve", "reserve", "release", "unclaimed", "renew", "checkpoint",
    "touch", "touch", "fail_for_good", "stop", "cancel", "rescue", "replay", "replay",
)  # fmt: skip
OWNERS = {"renew", "checkpoint", "succeed", "fail", "fail_for_good", "give_back", "stop"}
act = st.tuples(st.sampled_from(ACTS), st.integers(0, ACTORS - 1), st.sampled_from([0, 0, 0, 1]))


@dataclass
class Actor:
    """A worker and a dispatcher in one, as it remembers what it was told."""

    name: str
    runs: Runs
    held: dict[int, Run] = field(default_factory=dict)
    """Run index → the run as this actor claimed it, also after it was taken away."""
    execution: object = None
    told_succeeded: dict[int, str] = field(default_factory=dict)


class Acts:
    """A ledger, and who acts on it."""

    time: FakeTime
    truth: Documents
    """As it is, past all failures."""
    ids: list[str]
    actors: list[Actor]
    accepted: set[int]
    """The runs that are there, by their index."""
    replayed: set[int]

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
