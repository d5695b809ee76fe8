"""Telling a function to end, in this very process."""

from __future__ import annotations

import threading
import time as real

import pytest

from common.runtime import Cancelled, Interrupted, Lost
from common.runtime.stopping import Stopper

FAR = 100.0


def stopper(**options):
    left = []
    given = {"grace": 0.01, "cleanup": 0.01, "limit": FAR, **options}
    return Stopper(left.append, **given), left


def assert_stopped(stop, function):
    with pytest.raises(Interrupted), stop.interruptible():
        function()


def test_one_that_was_not_asked_lets_the_function_go_on():
    stop, _ = stopper()
    with stop.interruptible():
        stop.check()
        stop.wait(0)
    assert stop.over


def test_the_first_reason_holds():
    stop, _ = stopper()
    stop.ask(Cancelled())
    stop.ask(Interrupted())
    with pytest.raises(Cancelled):
        stop.check()


def test_a_function_that_was_asked_before_it_began_does_not_begin():
    stop, _ = stopper()
    stop.ask(Interrupted())
    with pytest.raises(Interrupted), stop.interruptible():
        pytest.fail("It began.")


def test_a_waiting_function_is_woken_by_another_thread():
    stop, _ = stopper(grace=FAR)

    def function():
        threading.Thread(target=stop.ask, args=[Interrupted()]).start()
        stop.wait(FAR)

    assert_stopped(stop, function)


def test_a_function_that_notices_nothing_is_interrupted_after_its_grace():
    stop, _ = stopper()

    def function():
        stop.ask(Interrupted())
        real.sleep(FAR)

    assert_stopped(stop, function)


def test_a_function_that_swallows_it_is_interrupted_again():
    stop, _ = stopper()
    swallowed = []

    def function():
        stop.ask(Interrupted())
        while len(swallowed) < 3:
            try:
                real.sleep(FAR)
            except Interrupted as error:
                swallowed.append(error)
        real.sleep(FAR)

    assert_stopped(stop, function)
    assert len(swallowed) == 3


def test_one_that_was_told_by_a_check_is_left_alone_to_clean_up():
    stop, _ = stopper(grace=0.0, cleanup=FAR)
    cleaned = []

    def function():
        stop.ask(Interrupted())
        try:
            stop.wait(FAR)
        finally:
            threading.Event().wait(0.05)  # an interrupt would come in here
            cleaned.append(True)

    assert_stopped(stop, function)
    assert cleaned


def test_nothing_is_interrupted_while_shielded():
    stop, _ = stopper()
    done = []

    def function():
        with stop.shielded():
            stop.ask(Interrupted())
            threading.Event().wait(0.05)  # many interrupts are due in here
            done.append(True)
        real.sleep(FAR)

    assert_stopped(stop, function)
    assert done


def test_a_shield_of_another_thread_changes_nothing_for_the_function():
    stop, _ = stopper()
    entered, leave = threading.Event(), threading.Event()

    def shield():
        with stop.shielded():
            entered.set()
            leave.wait(FAR)

    def function():
        other.start()
        entered.wait(FAR)
        stop.ask(Interrupted())
        real.sleep(FAR)

    other = threading.Thread(target=shield)
    assert_stopped(stop, function)
    leave.set()
    other.join()
    assert not stop._interruptible


def test_a_function_that_never_ends_is_left_behind_at_the_limit():
    stopped = threading.Event()
    reasons = []

    def leave(stop):
        reasons.append(stop)
        stopped.set()

    stop = Stopper(leave, grace=0.0, cleanup=FAR, limit=0.02)
    with stop.interruptible(), stop.shielded():
        stop.ask(Cancelled())
        assert stopped.wait(FAR)
    assert [type(reason) for reason in reasons] == [Cancelled]


def test_nothing_comes_after_the_function_has_ended():
    stop, left = stopper(limit=0.02)
    with stop.interruptible():
        pass
    stop.ask(Interrupted())
    threading.Event().wait(0.05)
    assert left == []


def test_a_function_whose_time_is_up_is_told_that_its_run_is_lost():
    ends = real.monotonic() + 0.02
    stop, _ = stopper(left=lambda: ends - real.monotonic())
    with pytest.raises(Lost), stop.interruptible():
        real.sleep(FAR)


def test_a_stop_that_is_raised_often_does_not_grow():
    stop, _ = stopper()
    stop.ask(Interrupted())
    lengths = set()
    for _ in range(3):
        with pytest.raises(Interrupted) as raised:
            stop.check()
        lengths.add(len(raised.traceback))
    assert len(lengths) == 1


def test_in_a_thread_of_its_own_a_function_is_told_but_not_interrupted():
    seen = []

    def work():
        stop, _ = stopper()
        try:
            with stop.interruptible():
                stop.ask(Interrupted())
                stop.wait(FAR)
        except Interrupted:
            seen.append("told")

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(FAR)
    assert seen == ["told"]
