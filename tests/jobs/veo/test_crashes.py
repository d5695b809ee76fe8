"""Killed at each point where something is kept or asked for, and tried again."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from common.errors import RunjobsError
from common.runtime import Interrupted
from common.runtime.lease import Lease
from jobs.video_generation.remote import errors
from jobs.video_generation.veo import provider
from tests.jobs.veo.attempts import PARAMS, Killed
from tests.jobs.veo.conftest import STUB
from tests.services.vertex import HANGING, RUNNING, Answer, failed, made, refused


class Knife:
    """Ends the process at its n-th step, a write to the ledger or a call, before or after it."""

    def __init__(self, monkeypatch, at: int) -> None:
        self.left = at
        for owner, name in [
            (Lease, "checkpoint"),
            (Lease, "fail"),
            (provider.Api, "create"),
            (provider.Api, "look"),
            (provider, "fetch"),
        ]:
            monkeypatch.setattr(owner, name, self._cut(getattr(owner, name)))

    def _cut(self, step):
        def cut(*args, **options):
            self._count()
            result = step(*args, **options)
            if name == "create":
                # The answer is there, and not yet kept, when the process ends.
                result._ended.wait(20)
            self._count()
            return result

        name = step.__name__
        return cut

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.mark.parametrize(
    ("create", "look", "most"),
    [
        (None, made(STUB), 1),
        (refused(500), RUNNING, 1),
        (None, failed(3), 1),
        (refused(429), made(STUB), 2),
    ],
    ids=["made", "unknown", "rejected", "refused"],
)
def test_killed_at_any_step_it_ends_and_creates_no_second_time_what_may_have_been_made(  # noqa: PLR0913, PLR0917
    vertex, begin, monkeypatch, create, look, most
):
    ends = []
    for at in itertools.count(1):
        vertex.creates.clear()
        vertex.on_create.extend([create] if create else [])
        vertex.on_look.append(RUNNING)
        vertex.always = look
        attempts = begin()
        with monkeypatch.context() as patched:
            knife = Knife(patched, at)
            with suppress(Killed, RunjobsError):
                attempts.attempt()
        if knife.left > 0:
            break
        ends.append(_to_the_end(attempts))
        assert len(vertex.creates) <= most, f"killed at step {at}"
        vertex.on_create.clear()
        vertex.on_look.clear()
    assert len(ends) > 5
    assert "AmbiguousCreate" in ends


def _to_the_end(attempts) -> str:
    """Tries again as long as the ledger says to; returns how it ended."""
    for _ in range(5):
        if attempts.run.state == "failed":
            return attempts.run.error.type
        try:
            attempts.attempt()
        except RunjobsError:
            continue
        return "made"
    raise AssertionError("it does not end")


def test_told_to_end_while_waiting_it_ends_at_once_and_the_next_attempt_goes_on(vertex, attempts):
    vertex.on_look.append(HANGING)
    with attempts.context() as context:
        context._stopper.ask(Interrupted())
        with pytest.raises(Interrupted), context._stopper.interruptible():
            attempts.veo.generate(PARAMS, context)
        context._lease.give_back()
    assert vertex.creates == []


def test_an_answer_that_comes_while_it_is_told_to_end_is_kept(vertex, attempts, monkeypatch):
    """The name of what was begun is worth the few seconds that are left."""
    late = Late(vertex)
    with attempts.context() as context:
        context._stopper._grace = 0.05
        monkeypatch.setattr(vertex, "_create", late.create(context))
        with pytest.raises(Interrupted), context._stopper.interruptible():
            attempts.veo.generate(PARAMS, context)
        context._lease.give_back()
    monkeypatch.undo()
    vertex.on_look.append(made(STUB))
    assert attempts.attempt() == STUB
    assert len(vertex.creates) == 1


class Late:
    """A create whose answer leaves only after the run was interrupted."""

    def __init__(self, vertex) -> None:
        self.vertex, self.inner = vertex, vertex._create

    def create(self, context):
        def create(model: str, body: dict) -> Answer:
            answer = self.inner(model, body)
            context._stopper.ask(Interrupted())
            self.vertex._closed.wait(0.4)  # the interruption comes after 0.05 s
            return answer

        return create


def test_an_ambiguous_create_stays_ambiguous_until_the_ledger_says_so(vertex, attempts):
    """Killed between finding out and saying so, the next attempt finds out again."""
    vertex.on_create.append(refused(500))
    for _ in range(3):
        with attempts.context() as context, pytest.raises(errors.AmbiguousCreate):
            attempts.veo.generate(PARAMS, context)
    assert len(vertex.creates) == 1


def test_a_create_after_a_replay_is_not_excused_by_what_was_said_of_the_one_before(
    vertex, attempts, monkeypatch
):
    vertex.on_create.append(refused(500))
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    attempts.replay()
    with monkeypatch.context() as patched, suppress(Killed):
        Knife(patched, 4)  # the intent is kept, and the create answered
        attempts.attempt()
    assert len(vertex.creates) == 2
    with pytest.raises(errors.AmbiguousCreate):
        attempts.attempt()
    assert len(vertex.creates) == 2
