"""How far a mailbox was read, which only goes forward, and whose turn it is to read it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from jobs.automation_trigger import automation_trigger
from jobs.automation_trigger.mark import Mark
from jobs.automation_trigger.turn import Turn
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import handled
from tests.jobs.gmail.world import ANN, World


@pytest.fixture
def mark(anywhere) -> Mark:
    return a_mark(anywhere)


def a_mark(world: World) -> Mark:
    integration = world.connect(history=100)
    return Mark(world.documents, world.integrations, integration)


def test_a_mark_goes_forward_only(mark):
    for to, at in [(90, 100), (110, 110), (105, 110), (110, 110), (2**64 - 1, 2**64 - 1)]:
        mark.advance(to)
        assert mark.read() == at


def test_of_many_who_move_it_at_once_the_one_ahead_wins(anywhere):
    marks = [a_mark(anywhere) for _ in range(8)]
    rng = random.Random(3)  # noqa: S311 - the same each time
    steps = [(each, rng.randrange(100, 10_000)) for each in marks for _ in range(5)]
    rng.shuffle(steps)

    def move(step):
        step[0].advance(step[1])
        assert a_look(anywhere) >= step[1]

    with ThreadPoolExecutor(8) as threads:
        [*threads.map(move, steps)]
    assert a_look(anywhere) == max(to for _, to in steps)


def a_look(world: World) -> int:
    return int(world.integrations.find(tenant="t1", user="ann").watch["history"])


def test_a_mark_covers_what_is_not_ahead_of_it(mark):
    assert mark.covers(100)
    assert not mark.covers(101)
    assert not mark.covers(None)


# --- turns


def upto(at: int):
    return lambda history: history is not None and history <= at


@pytest.fixture
def turns(documents):
    """The turn of a run, as often as asked."""
    return lambda run: Turn(documents, "i", run=run)


def test_one_at_a_time(turns):
    first, second = turns("a"), turns("b")
    assert first.begin(10)
    assert not second.begin(10)
    assert second.holder == "a"
    assert first.end(upto(10))
    assert second.begin(10)


def test_whose_turn_it_is_goes_on_until_it_has_come_as_far_as_the_word(turns):
    first = turns("a")
    assert first.begin(10)
    for history in (12, 30, 20):
        assert not turns("b").begin(history)
    assert not first.end(upto(29))
    assert first.end(upto(30))
    assert not turns("c").is_left(upto(0))


def test_a_word_that_names_no_history_has_it_look_once_more(turns):
    first = turns("a")
    assert first.begin(10)
    assert not turns("b").begin(None)
    assert not turns("b").begin(5)
    assert not first.end(upto(99))
    assert first.end(upto(99))


def test_a_word_outlives_the_one_that_failed(turns):
    first = turns("a")
    assert first.begin(10)
    assert not turns("b").begin(20)
    with first:
        pass  # an error, say
    assert turns("c").is_left(upto(19))
    assert not turns("c").is_left(upto(20))
    third = turns("c")
    assert third.begin(5)
    assert not third.is_owed
    assert not third.end(upto(19))


def test_a_word_that_asks_for_all_is_owed_by_who_begins_next(turns):
    first = turns("a")
    assert first.begin(10)
    assert not turns("b").begin(None)
    with first:
        pass
    third = turns("c")
    assert third.begin(5)
    assert third.is_owed
    assert third.end(upto(5))


def test_another_attempt_at_the_same_run_goes_on_at_once(turns):
    assert turns("a").begin(10)
    assert turns("a").is_left(upto(10))
    assert turns("a").begin(10)
    assert not turns("b").is_left(upto(10))


def test_a_turn_ends_by_itself_unless_it_is_renewed(turns, documents):
    now, first = documents._now, turns("a")
    assert first.begin(10)
    documents._now = lambda: now() + timedelta(seconds=50)
    first.renew()
    documents._now = lambda: now() + timedelta(seconds=100)
    assert not turns("b").begin(10)
    documents._now = lambda: now() + timedelta(seconds=111)
    assert turns("b").begin(10)
    first.renew()  # it is another's now
    assert first.end(upto(0))
    assert not turns("c").begin(10)


def test_who_was_killed_after_all_was_done_gives_its_turn_back_when_tried_again(bea):
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=1)
    id = bea.integrations.find(tenant="t1", user="ann").id
    assert Turn(bea.documents, id, run=run.id).begin(1)
    bea.attempt(automation_trigger, run)
    assert Turn(bea.documents, id, run="other").begin(1)
    assert bea.google.seen == []


def test_a_word_of_whose_reader_failed_is_heeded_by_whoever_comes(bea):
    message_id = bea.mailbox.add(message(("a.pdf", PDF)))
    id = bea.integrations.find(tenant="t1", user="ann").id
    failed = Turn(bea.documents, id, run="a")
    assert failed.begin(1)
    assert not Turn(bea.documents, id, run="b").begin(bea.mailbox.history_id)
    with failed:
        pass
    bea.do(automation_trigger, tenant="", user=ANN, history=1)
    assert handled(bea) == {(bea.automation.id, message_id)}
