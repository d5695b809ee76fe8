"""What drives local wake-ups: what it costs at rest, whom it calls, and what it does in trouble."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from common.dispatch.wakeups import Wakeup
from common.dispatch.wakeups.driver import Driver
from common.documents import Query
from common.errors import Misconfigured


@pytest.fixture(autouse=True)
def tables(laptop) -> None:
    """What a call costs is told without the making of tables."""
    laptop.wakeups.describe()
    laptop.documents.calls.clear()


# --- at rest


def test_an_idle_hour_is_a_look_each_half_second_and_writes_nothing(laptop):
    laptop.advance(3600)
    assert set(laptop.documents.calls) == {"query"}
    assert len(laptop.documents.calls) <= 3600 / 0.5 + 2


def test_a_timer_that_lies_ahead_costs_no_more_than_none(laptop):
    laptop.ask("q", 7200)
    laptop.documents.calls.clear()
    laptop.advance(3600)
    assert set(laptop.documents.calls) == {"query"}
    assert len(laptop.documents.calls) <= 3600 / 0.5 + 2


def test_a_wakeup_costs_three_commits_from_setting_to_dropping(laptop):
    laptop.ask("q", 1)
    laptop.advance(10)
    assert laptop.documents.calls.count("commit") == 3


def test_asking_again_within_the_moment_does_not_ask_the_store(laptop):
    for _ in range(300):
        laptop.ask()
    assert laptop.documents.calls == ["commit"]


def test_a_timer_set_by_this_process_is_seen_at_once(laptop):
    """It rests until then: only what is told ends its wait."""
    came, rests = threading.Event(), threading.Semaphore(0)

    def wait(_seconds: float) -> None:
        rests.release()
        assert laptop.wakeups.told.wait(20)
        laptop.time.advance(1)

    driver = Driver(laptop.wakeups, lambda _: came.set(), wait=wait)
    thread = threading.Thread(target=driver.run)
    thread.start()
    assert rests.acquire(timeout=20)
    laptop.ask()
    assert came.wait(20)
    driver.stop()
    thread.join(20)
    assert not thread.is_alive()


# --- calling


def test_those_of_one_queue_that_are_due_together_are_answered_by_one_call(laptop):
    for seconds in range(1, 151):
        laptop.ask("often", seconds)
    laptop.ask("once", 5)
    laptop.time.advance(200)
    laptop.advance(1)
    assert laptop.names.count("once") == 1
    assert laptop.names.count("often") == 2  # it looks at a hundred at a time
    assert laptop.wakeups.describe().waiting == 0


def test_chance_says_which_is_taken_so_that_many_processes_take_different_ones(laptop):
    for seconds, name in enumerate("abc"):
        laptop.ask(name, seconds)
    laptop.time.advance(10)
    for chance in (0.99, 0.0, 0.5):
        laptop.driver(rng=lambda share=chance: share).turn()
    assert laptop.names == ["c", "a", "b"]


def test_who_takes_longer_than_the_lease_is_joined_by_another_and_undoes_nothing(laptop):
    slow = laptop.driver(lease=timedelta(seconds=30))
    other = laptop.driver()

    def take_long() -> None:
        laptop.meanwhile = lambda: None
        laptop.time.advance(31)
        assert other.turn() == 0
        laptop.ask("q", 60)

    laptop.meanwhile = take_long
    laptop.ask()
    laptop.time.advance(1)
    assert slow.turn() == 0
    assert laptop.names == ["q", "q"]
    assert laptop.wakeups.describe().waiting == 1  # what was asked for meanwhile


def test_within_the_lease_nobody_joins(laptop):
    other = laptop.driver()
    laptop.meanwhile = lambda: laptop.time.advance(25) or other.turn()
    laptop.ask()
    laptop.time.advance(1)
    assert laptop.driver().turn() == 0
    assert laptop.names == ["q"]


def test_what_is_purged_while_it_is_answered_does_not_come_again(laptop):
    laptop.meanwhile = laptop.wakeups.purge
    laptop.failing = 1
    laptop.ask()
    laptop.advance(300)
    assert laptop.names == ["q"]


def test_more_than_a_commit_takes_are_purged(laptop):
    laptop.wakeups.timers._documents = laptop.store
    for index in range(1_000):
        laptop.wakeups.timers.set(
            Wakeup(kind="queue", name=f"q{index}", at=laptop.time.now() + timedelta(hours=1))
        )
    laptop.wakeups.purge()
    assert laptop.store.count(Query("timers")) == 0


# --- in trouble


def test_a_store_that_is_away_is_waited_for_ever_longer_and_loses_nothing(laptop):
    laptop.documents.patience = 0.0
    laptop.ask("q", 0)
    laptop.documents.faults.extend(["unavailable"] * 8)
    waits = []

    def wait(pause: float) -> None:
        waits.append(pause)
        laptop.time.advance(pause)

    driver = laptop.driver(wait=wait)
    laptop.meanwhile = driver.stop
    driver.run()
    assert laptop.names == ["q"]
    assert len(waits) == 8
    assert waits[0] <= 0.5 < waits[2] < waits[4] < waits[7] <= 60


@pytest.mark.parametrize("call", range(6))
def test_wherever_the_store_fails_the_wakeup_comes_all_the_same(laptop, call):
    """The calls of one wake-up: look, see whether paused, look, take, drop."""
    laptop.documents.patience = 0.0
    laptop.ask("q", 0)
    laptop.time.advance(1)
    laptop.documents.faults.extend([None] * call + ["lost"])
    laptop.advance(300)
    assert laptop.names
    assert set(laptop.names) == {"q"}
    assert len(laptop.names) <= 2
    assert laptop.wakeups.describe().waiting == 0


def test_a_store_that_will_never_answer_ends_it(laptop):
    def never(*_: object) -> None:
        raise Misconfigured("It is gone for good.")

    laptop.documents._query = never
    with pytest.raises(Misconfigured, match="for good"):
        laptop.driver(wait=lambda _: None).run()


def test_a_failing_handler_is_told_of_in_the_log_with_what_it_was_called_for(laptop, caplog):
    laptop.failing = 1
    laptop.ask("io-tasks")
    laptop.advance(10)
    (record,) = [each for each in caplog.records if "failed" in each.message]
    assert "on command" in record.message
    assert record.fields == {"action": "wakeup-failed", "kind": "queue", "name": "io-tasks"}


def test_once_stopped_it_returns_after_the_call_that_is_under_way(laptop):
    driver = laptop.driver(wait=lambda _: pytest.fail("it waits"))
    laptop.meanwhile = driver.stop
    laptop.ask("a")
    laptop.ask("b")
    laptop.time.advance(1)
    driver.run()
    assert len(laptop.arrived) == 1
    assert laptop.wakeups.describe().waiting == 1
