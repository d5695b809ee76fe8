"""Killed at each point where something is kept or asked for, and tried again."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest

from common.errors import RunjobsError
from common.runtime import Interrupted
from common.runtime.lease import Lease
from jobs.video_generation.remote import errors, hosted
from tests.jobs.providers.cases import HEYGEN, LTX, PIXVERSE
from tests.jobs.providers.conftest import FILM
from tests.jobs.veo.attempts import Killed
from tests.services.standin import RESET


class Knife:
    """Ends the process at its n-th step, a write to the ledger or a call, before or after it."""

    def __init__(self, monkeypatch, at: int) -> None:
        self.left = at
        for owner, name in [
            (Lease, "checkpoint"),
            (Lease, "fail"),
            (hosted._Asked, "create"),
            (hosted._Asked, "look"),
            (hosted, "fetched"),
        ]:
            monkeypatch.setattr(owner, name, self._cut(getattr(owner, name)))

    def _cut(self, step):
        def cut(*args, **options):
            self._count()
            result = step(*args, **options)
            if step.__name__ == "create":
                result._ended.wait(20)  # the answer is there, and not yet kept
            self._count()
            return result

        return cut

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


def to_the_end(attempts) -> str:
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


SCRIPTS = {"made": 1, "lost": 1, "withheld": 1, "refused": 2}
"""How it goes, and how many creates there may be then."""


@pytest.mark.parametrize(
    ("case", "script"),
    [
        *((PIXVERSE, script) for script in SCRIPTS),
        *((case, "made") for case in (LTX, HEYGEN)),
    ],
    ids=str,
)
def test_killed_at_any_step_it_ends_and_creates_no_second_time_what_may_have_been_made(
    case, api, begin, monkeypatch, script
):
    ends, most = [], SCRIPTS[script]
    for at in itertools.count(1):
        attempts = begin()
        api.creates.clear()
        api.on_create.clear()
        api.on_look.clear()
        api.always = case.ends[0][0] if script == "withheld" else case.made(api.video)
        api.on_look.append(case.busy[0])
        if script in {"lost", "refused"}:
            api.on_create.append(RESET if script == "lost" else api.denied(429, "full"))
        with monkeypatch.context() as patched:
            knife = Knife(patched, at)
            with suppress(Killed, RunjobsError):
                attempts.attempt()
        if knife.left > 0:
            break
        ends.append(to_the_end(attempts))
        assert len(api.creates) <= most, f"killed at step {at}"
    assert len(ends) > 5
    assert "AmbiguousCreate" in ends
    if script != "lost":
        assert ends.count("AmbiguousCreate") <= 4


def test_an_answer_that_comes_while_it_is_told_to_end_is_kept(case, api, attempts, monkeypatch):
    """The name of what was begun is worth the few seconds that are left."""
    inner = api.begun

    def late(call, number):
        context._stopper.ask(Interrupted())
        api._closed.wait(0.4)  # the interruption comes after 0.05 s
        return inner(call, number)

    with attempts.context() as context:
        context._stopper._grace = 0.05
        monkeypatch.setattr(api, "begun", late)
        with pytest.raises(Interrupted), context._stopper.interruptible():
            attempts.veo.generate(case.params, context)
        context._lease.give_back()
    monkeypatch.undo()
    api.on_look.append(case.made(api.video))
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1


def test_a_video_that_cannot_be_fetched_is_fetched_by_the_next_attempt_and_not_made_again(
    case, api, attempts
):
    api.always = case.made(api.video)
    api.on_file += [api.denied(403, "expired")] * 3
    with pytest.raises(errors.Unfetched, match="could not be fetched"):
        attempts.attempt()
    assert attempts.run.state == "pending"
    assert attempts.attempt() == FILM
    assert len(api.creates) == 1
    assert len(api.looks) == 2
