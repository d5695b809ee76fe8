"""The store fails in all its ways while tasks are made and delivered: none is lost."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import count

import pytest

from common.errors import Unavailable
from common.localcloud.rpc import Call
from common.localcloud.store import Store
from common.localcloud.tasks.engine import Engine
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.tasks import Tasks
from tests.faults import FAULTS, Faulty
from tests.localcloud.mortal import Killed, Mortal
from tests.localcloud.target import URL, on_sqlite
from tests.localcloud.tasks.conftest import QUEUE

TRIALS = 40


def faulty(world, seed: int) -> Store:
    """A store of which three calls in ten fail."""
    rng = random.Random(seed)  # noqa: S311 - to repeat what went wrong
    documents = Faulty(world.store.documents, patience=5, clock=world.time.clock)
    documents.faults.extend(rng.choice(FAULTS) if rng.random() < 0.3 else None for _ in range(3000))
    documents.pace = 0.0
    return Store(documents)


@on_sqlite
def test_every_task_is_delivered_until_it_succeeds_and_is_gone(world):
    world.queue(retryConfig={"maxAttempts": 50, "minBackoff": "1s", "maxBackoff": "1s"})
    for seed in range(TRIALS):
        trial(world, seed)
    delivered = {out.headers["X-CloudTasks-TaskName"] for out in world.target.sent}
    assert delivered == {f"t{seed}" for seed in range(TRIALS)}
    assert world.ids() == set()


def trial(world, seed: int) -> None:
    store = faulty(world, seed)
    names = Names(store)
    engine = Engine(
        store, names, world.target.calls(store, world.time), monotonic=world.time.monotonic
    )
    world.target.answers.extend([500, 503])
    task = {"name": f"{QUEUE}/tasks/t{seed}", "httpRequest": {"url": URL}}
    create = Call(fields={"parent": QUEUE, "task": task})
    Tasks(store, names, lambda: None).create(create)
    for _ in range(100):
        with suppress(Unavailable):
            engine.turn()
        world.time.advance(1)
        if not world.ids():
            return


@on_sqlite
def test_what_came_of_a_call_and_could_not_be_noted_is_called_again(world):
    world.queue()
    world.task("a")
    world.target.held = []
    documents = Faulty(world.store.documents, patience=1, clock=world.time.clock)
    documents.pace = 0.0
    store = Store(documents)
    calls = world.target.calls(store, world.time)
    engine = Engine(store, Names(store), calls, monotonic=world.time.monotonic)
    engine.turn()
    documents.faults.extend(["unavailable"] * 1000)
    world.target.go_on()
    documents.faults.clear()
    assert world.ids() == {"a"}
    world.target.held = None
    world.turns(40, engine)
    assert len(world.target.sent) == 2
    assert world.ids() == set()


@on_sqlite
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [200, 503])
def test_killed_at_any_call_of_the_store_another_process_finishes(world, after, status):
    world.queue(retryConfig={"minBackoff": "1s"})
    points = 0
    for point in count(1):
        id = f"t{point}"
        world.task(id)
        world.target.answers.append(status)
        if not killed(world, point, after=after):
            break
        points += 1
        world.target.answers.clear()
        world.turns(40)
        sent = [out.headers["X-CloudTasks-TaskName"] for out in world.target.sent]
        assert 1 <= sent.count(id) <= 2
        assert world.ids() == set()
    assert points >= 8  # as many calls as a delivery takes at least


def killed(world, point: int, *, after: bool) -> bool:
    """Whether a process that dies there came so far."""
    documents = Mortal(world.store.documents, last=point, after=after)
    documents.pace = 0.0
    store = Store(documents)
    calls = world.target.calls(store, world.time)
    engine = Engine(store, Names(store), calls, monotonic=world.time.monotonic)
    try:
        engine.turn()
    except Killed:
        return True
    return False
