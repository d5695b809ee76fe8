"""What holds of all wake-ups: timers among the documents of each store, and Cloud Tasks."""

from __future__ import annotations

import inspect
import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from common.dispatch.wakeups import FARTHEST, Standing, Wakeup, Wakeups
from common.dispatch.wakeups.cloud_tasks import CloudTasksWakeups
from common.dispatch.wakeups.local import LocalWakeups
from common.errors import Unavailable

A_WHILE = 20.0
"""Seconds within which all that is due has come, also by looks five seconds apart."""
NOTHING = Standing(waiting=0, oldest=None, paused=False)

# --- coming


def test_a_wakeup_comes_at_its_moment_and_not_before(backend):
    asked = backend.time.now() + timedelta(seconds=60)
    backend.ask("q", 60)
    backend.advance(59.9)
    assert backend.arrived == []
    backend.advance(A_WHILE)
    (arrival,) = backend.arrived
    assert (arrival.kind, arrival.name) == ("queue", "q")
    assert timedelta(0) <= arrival.at - asked <= backend.wakeups.grain
    assert backend.wakeups.describe() == NOTHING


@pytest.mark.parametrize("seconds", [0, -3600])
def test_a_wakeup_for_now_or_for_the_past_comes_at_once(backend, seconds):
    asked = backend.time.now()
    backend.ask("q", seconds)
    backend.advance(A_WHILE)
    (arrival,) = backend.arrived
    assert arrival.at - asked <= backend.wakeups.grain + backend.wakeups.slack


def test_each_queue_and_each_kind_has_its_own(backend):
    backend.ask("a", 1)
    backend.ask("b", 1)
    backend.ask("a", 1, kind="sweep")
    backend.ask("", 1, kind="sweep")
    backend.advance(A_WHILE)
    assert sorted((arrival.kind, arrival.name) for arrival in backend.arrived) == [
        ("queue", "a"),
        ("queue", "b"),
        ("sweep", ""),
        ("sweep", "a"),
    ]


def test_a_wakeup_for_several_times_comes_as_often(backend):
    for seconds in (10, 20, 30):
        backend.ask("q", seconds)
    backend.advance(40)
    assert backend.names == ["q"] * 3


# --- asking often


def test_hundreds_of_asks_within_a_second_come_as_few_and_one_comes_after_the_last(backend):
    others = [backend.another() for _ in range(4)]
    for ask in range(200):
        at = backend.time.now()
        others[ask % 4].schedule(Wakeup(kind="queue", name="q", at=at))
        backend.advance(1 / 200)
    last = backend.time.now() - timedelta(seconds=1 / 200)
    backend.advance(A_WHILE)
    assert 1 <= len(backend.arrived) <= timedelta(seconds=1) / backend.wakeups.grain + 2
    assert max(arrival.at for arrival in backend.arrived) >= last
    assert backend.wakeups.describe() == NOTHING


def test_the_same_ask_of_many_at_once_comes_once(backend):
    barrier, failures = threading.Barrier(8), []
    asked = Wakeup(kind="queue", name="q", at=backend.time.now() + timedelta(seconds=5))

    def ask(mine: Wakeups) -> None:
        try:
            barrier.wait(20)
            mine.schedule(asked)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(backend.another(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert backend.wakeups.describe().waiting == 1
    backend.advance(A_WHILE)
    assert backend.names == ["q"]


def test_what_is_asked_for_while_the_same_is_answered_comes_after_it(backend):
    def again() -> None:
        backend.meanwhile = lambda: None
        backend.another().schedule(Wakeup(kind="queue", name="q", at=backend.time.now()))

    backend.meanwhile = again
    backend.ask("q", 5)
    backend.advance(A_WHILE)
    assert backend.names == ["q", "q"]


@pytest.mark.parametrize("in_between", [False, True])
def test_an_ask_whose_moment_has_gone_by_elsewhere_is_not_lost(backend, in_between):
    """By a clock that is behind, the moment of a wake-up that has come may still lie ahead."""
    asked = Wakeup(kind="queue", name="q", at=backend.time.now() + timedelta(seconds=5))

    def again() -> None:
        backend.meanwhile = lambda: None
        backend.another(behind=3).schedule(asked)

    if in_between:
        backend.meanwhile = again
    backend.wakeups.schedule(asked)
    backend.advance(7)
    if not in_between:
        assert backend.names == ["q"]
        again()
    backend.advance(A_WHILE)
    assert backend.names == ["q", "q"]


def test_who_is_behind_by_the_slack_and_asks_again_at_once_is_answered_again(backend):
    """Also where it believes that what it had asked for before still lies ahead."""
    slack = backend.wakeups.slack.total_seconds()
    mine = backend.another(behind=slack * 0.9)
    long_ago = backend.time.now() - timedelta(hours=1)
    mine.schedule(Wakeup(kind="queue", name="q", at=long_ago))
    backend.advance(0)
    while not backend.arrived:
        backend.advance(slack / 8)
    mine.schedule(Wakeup(kind="queue", name="q", at=long_ago))
    backend.advance(A_WHILE)
    assert backend.names == ["q", "q"]


# --- failing


def test_a_wakeup_whose_handler_fails_comes_again_ever_later_until_it_goes_well(backend):
    backend.failing = 6
    backend.ask()
    backend.advance(300)
    times = [arrival.at for arrival in backend.arrived]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 7
    assert gaps[0] < gaps[2] < gaps[5]
    assert backend.wakeups.describe() == NOTHING


def test_one_that_fails_keeps_no_other_from_coming(backend):
    backend.ask("bad")
    backend.advance(1)
    backend.failing = 100
    backend.advance(A_WHILE)
    backend.ask("good", 1)
    backend.failing = 0
    backend.advance(300)
    assert {"bad", "good"} == set(backend.names)


def test_a_lost_answer_is_no_error_and_its_wakeup_comes_once(backend):
    backend.lose_an_answer()
    backend.ask("q", 5)
    backend.advance(A_WHILE)
    assert backend.names == ["q"]


def test_who_asks_what_does_not_answer_is_told_so_and_may_ask_again(backend):
    first = backend.wakeups
    backend.go_away()
    with pytest.raises(Unavailable):
        backend.ask("q", 60)
    backend.come_back()
    assert first.describe().waiting == 0
    backend.ask("q", 60)
    backend.advance(60 + A_WHILE)
    assert backend.names == ["q"]


# --- holding back and dropping


def test_paused_wakeups_are_held_back_those_to_come_too_until_resumed(backend):
    backend.ask("before", 5)
    backend.wakeups.pause()
    backend.ask("after", 5)
    backend.advance(60)
    assert backend.arrived == []
    assert backend.wakeups.describe().paused
    backend.wakeups.resume()
    backend.advance(A_WHILE)
    assert sorted(backend.names) == ["after", "before"]
    assert backend.wakeups.describe() == NOTHING


def test_pausing_and_resuming_twice_is_as_once(backend):
    backend.wakeups.pause()
    backend.wakeups.pause()
    assert backend.wakeups.describe() == Standing(waiting=0, oldest=None, paused=True)
    backend.wakeups.resume()
    backend.wakeups.resume()
    assert backend.wakeups.describe() == NOTHING


def test_purged_wakeups_do_not_come_and_may_be_asked_for_anew(backend):
    for seconds in (10, 20, 30):
        backend.ask("q", seconds)
    backend.wakeups.purge()
    assert backend.wakeups.describe() == NOTHING
    backend.ask("q", 20)
    backend.advance(60)
    assert backend.names == ["q"]


def test_it_is_told_how_many_wait_which_is_the_next_and_that_one_being_answered_waits(backend):
    now = backend.time.now()
    for name, seconds in (("a", 40), ("b", 10), ("c", 20)):
        backend.ask(name, seconds)
    assert backend.wakeups.describe() == Standing(
        waiting=3, oldest=now + timedelta(seconds=10), paused=False
    )
    seen = []
    backend.meanwhile = lambda: seen.append(backend.wakeups.describe().waiting)
    backend.advance(15)
    assert seen == [3]
    assert backend.wakeups.describe().oldest == now + timedelta(seconds=20)


# --- the rest


@pytest.mark.parametrize("days", [31, 45, 9_000])
def test_beyond_thirty_days_one_comes_in_about_thirty_for_whoever_asks_again(backend, days):
    asked = backend.time.now()
    backend.ask("q", timedelta(days=days).total_seconds())
    backend.time.advance(30)
    backend.ask("q", timedelta(days=days).total_seconds())
    standing = backend.wakeups.describe()
    assert standing.waiting == 1
    assert FARTHEST - timedelta(minutes=62) <= standing.oldest - asked <= FARTHEST
    backend.time.advance(FARTHEST)
    backend.advance(1)
    assert backend.names == ["q"]


def test_checking_sets_nothing(backend):
    backend.wakeups.check()
    assert backend.wakeups.describe() == NOTHING


@pytest.mark.parametrize("kind", [LocalWakeups, CloudTasksWakeups])
def test_backends_have_the_signatures_of_the_seam(kind):
    for name, method in inspect.getmembers(Wakeups, inspect.isfunction):
        if name != "__init__":
            assert inspect.signature(getattr(kind, name)) == inspect.signature(method), name
