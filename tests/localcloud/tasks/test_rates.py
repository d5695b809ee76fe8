"""A queue delivers no faster and no more at once than it says, and nothing while it is paused."""

from __future__ import annotations

from common.localcloud.rpc import Call
from tests.localcloud.target import Target
from tests.localcloud.tasks.conftest import QUEUE


def test_a_paused_queue_delivers_nothing_until_it_is_resumed(world):
    world.queue()
    world.queues.pause(Call(fields={"name": QUEUE}))
    world.task("a")
    world.turns(60)
    assert world.target.sent == []
    world.queues.resume(Call(fields={"name": QUEUE}))
    world.turns(0)
    assert world.delivered() == ["a"]


def test_a_rate_holds_from_the_burst_on(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 4})
    for _ in range(40):
        world.task()
    world.turns(0.01)
    assert len(world.target.sent) == 10  # its burst
    sent = []
    for _ in range(5):
        world.turns(1)
        sent.append(len(world.target.sent))
    assert sent == [14, 18, 22, 26, 30]


def test_as_many_at_once_as_the_queue_says(world):
    world.queue(rateLimits={"maxConcurrentDispatches": 3})
    for _ in range(8):
        world.task()
    world.target.held = []
    for left in (5, 2, 0):
        world.turns(1)
        assert len(world.ids()) - len(world.target.held) == left
        world.target.go_on()
    world.turns(1)
    assert len(world.target.sent) == 8


def test_of_two_processes_that_counted_the_same_free_place_one_takes_it(world):
    world.queue(rateLimits={"maxConcurrentDispatches": 1})
    world.task()
    world.task()
    world.target.held = []
    other, _ = world.process(rival := Target(held=[]))
    count = world.store.count

    def counted(agenda: str) -> int:
        found = count(agenda)
        other.turn()
        return found

    world.store.count = counted
    world.engine.turn()
    assert (len(world.target.held), len(rival.held)) == (0, 1)


def test_a_refusal_slows_the_whole_queue(world):
    world.queue(rateLimits={"maxDispatchesPerSecond": 10}, retryConfig={"minBackoff": "100s"})
    for _ in range(100):
        world.task()
    world.target.answers.append(503)
    world.turns(0)
    assert len(world.target.sent) == 10  # the burst was taken at once
    world.turns(2)
    assert len(world.target.sent) == 20  # half of ten a second


def test_on_a_store_with_a_pace_a_queues_document_is_written_no_faster(world):
    world.queue()
    world.store.documents.pace = 1.0
    for _ in range(3):
        world.task()
        world.turns(0)
    assert len(world.target.sent) == 1
    world.turns(1)
    assert len(world.target.sent) == 3
