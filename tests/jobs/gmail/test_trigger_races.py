"""automation-trigger, asked by many at once, and killed anywhere: each message is handled once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from common.runs import Queues
from jobs.automation_trigger import automation_trigger
from tests.chaos.counts import CHAOS
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import handled, mark, notify
from tests.jobs.gmail.processes import finish, start
from tests.jobs.gmail.world import ANN, World

HISTORY = "gmail.users.history.list"
GET = "gmail.users.messages.get"


class Killed(BaseException):
    """The process ends here, and does nothing more."""


def received(world: World, count: int) -> set[tuple[str, str]]:
    """So many messages, and how they are to be handled."""
    ids = [world.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(count)]
    return {(world.automation.id, id) for id in ids}


def test_fifty_notifications_at_once(ann):
    expected = received(ann, 3)
    with ThreadPoolExecutor(50) as threads:
        results = [*threads.map(lambda _: notify(ann), range(50))]
    assert handled(ann) == expected
    assert mark(ann) == ann.mailbox.history_id
    assert ann.google.seen.count(HISTORY) == 1
    assert sum(result.messages for result in results) == 3


def test_notifications_while_messages_come(bea):
    """Whoever left word may go: what came meanwhile is read by the one that was at it."""
    expected, lock = set(), threading.Lock()

    def receive_and_notify(_):
        with lock:
            expected.update(received(bea, 1))
        notify(bea)

    with ThreadPoolExecutor(16) as threads:
        [*threads.map(receive_and_notify, range(60))]
    assert handled(bea) == expected
    assert mark(bea) == bea.mailbox.history_id


def test_who_comes_while_another_is_at_it_leaves_word(bea):
    expected = received(bea, 1)
    answer = bea.google._handlers[HISTORY]
    entered, go_on = threading.Event(), threading.Event()

    def slow(asked):
        found = answer(asked)
        entered.set()
        bea.google._lock.release()
        go_on.wait(20)
        bea.google._lock.acquire()
        return found

    bea.google._handlers[HISTORY] = slow
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(notify, bea)
        assert entered.wait(20)
        expected |= received(bea, 1)
        for _ in range(3):
            found = notify(bea)
            assert (found.left, found.messages) == (1, 0)
        go_on.set()
        assert first.result(20).messages == 2
    assert handled(bea) == expected
    assert mark(bea) == bea.mailbox.history_id
    pending = [run for run in bea.children("automation-trigger") if run.state == "pending"]
    assert len(pending) == 1  # who looks again, should the first have been killed


def test_the_word_that_was_left_with_one_that_is_killed_is_heeded_by_its_next_attempt(bea):
    expected = received(bea, 1)
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    take = bea.google._handlers[GET]
    with pytest.raises(Killed), Knife(bea, at=4):
        attempt_to_the_death(bea, run)
    expected |= received(bea, 1)
    assert notify(bea).left == 1
    bea.google._handlers[GET] = take
    bea.attempt(automation_trigger, run)
    assert handled(bea) == expected


def test_one_that_was_killed_when_all_was_done_still_heeds_the_word_that_was_left(bea):
    expected = received(bea, 1)
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    answer = bea.google._handlers[GET]

    def once_asked(asked):
        bea.google._handlers[GET] = answer
        expected.update(received(bea, 1))
        assert notify(bea).left == 1
        return answer(asked)

    bea.google._handlers[GET] = once_asked
    with pytest.raises(Killed), Knife(bea, at=8) as knife:
        attempt_to_the_death(bea, run)
    assert knife.writes >= 8
    assert mark(bea) < bea.mailbox.history_id
    bea.attempt(automation_trigger, run)
    assert handled(bea) == expected


def test_the_turn_of_one_that_was_killed_ends_by_itself(bea):
    expected = received(bea, 1)
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    with pytest.raises(Killed), Knife(bea, at=4):
        attempt_to_the_death(bea, run)
    assert notify(bea).left == 1
    now = bea.documents._now
    bea.documents._now = lambda: now() + timedelta(seconds=61)
    assert notify(bea).left == 0
    assert handled(bea) == expected


def attempt_to_the_death(world: World, run) -> None:
    """An attempt that leaves everything as it lies when it is killed."""
    with world.context(run) as context:
        automation_trigger(automation_trigger.validate({"user": ANN, "history": 2**63}), context)


class Knife:
    """Has the process killed at a write of the store: before it, or after it but unanswered."""

    def __init__(self, world: World, *, at: int, after: bool = False) -> None:
        self._documents, self._at, self._after = world.documents, at, after
        self.writes = 0

    def __enter__(self) -> Knife:
        self._commit = self._documents._commit
        self._documents._commit = self._counted
        return self

    def __exit__(self, *_: object) -> None:
        self._documents._commit = self._commit

    def _counted(self, writes, token):
        self.writes += 1
        if self.writes > self._at:
            raise Killed  # nothing is written any more, also not by what cleans up
        if self.writes == self._at and not self._after:
            raise Killed
        done = self._commit(writes, token)
        if self.writes == self._at:
            raise Killed
        return done


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_each_write_each_message_is_handled_once(ann, after):
    """One attempt for each write that there is, until one comes through."""
    expected = received(ann, 2)
    run = ann.submit(automation_trigger, tenant="", user=ANN, history=ann.mailbox.history_id)
    at, killed = 1, True
    while killed:
        begun = mark(ann)
        try:
            with Knife(ann, at=at, after=after) as knife:
                attempt_to_the_death(ann, run)
            killed = False
        except Killed:
            assert len(handled(ann)) < 2 or mark(ann) >= begun
            if mark(ann) == ann.mailbox.history_id:
                assert handled(ann) == expected
            at += 1
        if at % 3 == 0:  # and between two attempts more come
            expected |= received(ann, 1)
    assert at > 5
    assert knife.writes >= 4
    notify(ann)
    assert handled(ann) == expected
    assert mark(ann) == ann.mailbox.history_id


# --- real processes


def test_processes_at_once(bea):
    world = bea
    Queues(world.documents).pause("automation-tasks")  # what is started is not to run here
    expected = received(world, 3)
    tasks = [start(world, f"x-{n}", user=ANN) for n in range(50 if CHAOS else 3)]
    for task in tasks:
        assert finish(task)[0] == 0
    assert handled(world) == expected
    assert mark(world) == world.mailbox.history_id


@pytest.mark.parametrize("call", [1, 2, 3, 4, 5] if CHAOS else [4])
def test_a_process_that_is_killed_at_a_call_is_gone_on_with(bea, call):
    """token, history, the first and the second message, then the third."""
    Queues(bea.documents).pause("automation-tasks")
    expected = received(bea, 3)
    task = start(bea, "x", user=ANN)
    killed = threading.Event()
    answer, calls = bea.google.answer, iter(range(1, 100))

    def kill_at(*given):
        if next(calls) == call:
            task.kill()
            killed.set()
        return answer(*given)

    bea.google.answer = kill_at
    assert finish(task)[0] == -9
    assert killed.is_set()
    assert len(handled(bea)) < 3 or mark(bea) < bea.mailbox.history_id
    again = start(bea, "x", attempt=1, user=ANN)
    code, said = finish(again)
    assert code == 0, said
    assert handled(bea) == expected
    assert mark(bea) == bea.mailbox.history_id
