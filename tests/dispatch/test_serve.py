"""Serving: what it does, and in trouble."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from common.dispatch.executors import StartRefused
from common.dispatch.serve import NET, Server
from common.dispatch.wakeups import open_wakeups
from common.errors import Misconfigured
from common.runs import State
from tests.dispatch.laptop import HOUR
from tests.dispatch.wakeups.backends import cloud_settings

# --- what it does


def test_a_delayed_run_is_started_when_it_is_due(laptop):
    laptop.submit(due=600)
    laptop.serve(599)
    assert laptop.state() is State.PENDING
    laptop.serve(2)
    assert laptop.state() is State.STARTING
    assert len(laptop.stub.launches) == 1


def test_what_was_left_undone_is_found_when_serving_begins(laptop):
    """It was submitted by a process that died before it looked at the queue."""
    laptop.runs.submit(laptop.submit(due=1))
    laptop.wakeups.purge()
    laptop.time.advance(2)
    laptop.serve(1)
    assert laptop.state() is State.STARTING


def test_a_wakeup_that_was_lost_is_made_good_within_the_hour(laptop):
    laptop.serve(1)
    laptop.submit(due=60)
    laptop.wakeups.purge()
    laptop.serve(HOUR)
    assert laptop.stub.launches


def test_a_run_whose_task_died_goes_on_soon_after_its_lease_ended(laptop):
    laptop.submit()
    laptop.claim()
    laptop.serve(60 + 20)
    assert [attempt.outcome for attempt in laptop.runs.get("r1").attempts] == ["lost"]
    assert laptop.state() is State.STARTING
    assert len(laptop.stub.launches) == 2


def test_what_is_done_is_logged_by_a_line_and_rest_by_none(laptop, caplog):
    caplog.set_level("INFO", "runjobs")
    laptop.serve(HOUR)
    assert caplog.messages == []
    laptop.submit(due=1)
    laptop.serve(5)
    (record,) = caplog.records
    assert record.getMessage() == "Started 1 run of q."
    assert record.fields == {"action": "dispatched", "queue": "q", "runs": ["r1"]}


def test_a_start_that_is_refused_is_told_and_tried_again(laptops, caplog):
    laptop = laptops(StartRefused("Too many.", retryable=True))
    laptop.submit(due=1)
    laptop.serve(120)
    assert "Could not start 1 run of q: Too many." in caplog.messages
    assert laptop.state() is State.STARTING


# --- in trouble


def test_a_store_that_is_away_is_waited_for(laptop, caplog):
    laptop.submit(due=5)
    laptop.documents.patience = 0.0
    laptop.documents.faults.extend(["unavailable"] * 20)
    laptop.serve(600)
    assert laptop.stub.launches
    assert any("has to wait" in message for message in caplog.messages)


def test_several_may_serve_at_once_and_one_starts_each_run(laptops, time):
    """Real threads, each with a store of its own, over one ledger of delayed runs."""
    served = [laptops() for _ in range(4)]
    for number in range(40):
        served[0].submit(f"r{number}", due=1 + number)
    time.advance(60)
    end = threading.Barrier(4)

    def serve(laptop):
        def rest(_seconds):
            server.stop()

        server = Server(laptop.dispatcher, laptop.wakeups, clock=time.clock, wait=rest)
        end.wait(20)
        server.run()

    threads = [threading.Thread(target=serve, args=[laptop]) for laptop in served]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    started = [run for laptop in served for launch in laptop.stub.launches for run in launch.runs]
    assert sorted(started) == sorted(f"r{number}" for number in range(40))


def test_it_ends_when_it_is_told_to_however_often(laptop):
    server = Server(laptop.dispatcher, laptop.wakeups)
    thread = threading.Thread(target=server.run)
    thread.start()
    server.stop()
    server.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_where_the_platform_calls_there_is_nothing_to_drive(laptop):
    wakeups = open_wakeups(cloud_settings(), laptop.documents)
    with pytest.raises(Misconfigured, match="RUNJOBS_WAKEUPS=local"):
        Server(laptop.dispatcher, wakeups)


def test_the_net_is_an_hour():
    assert timedelta(hours=1) == NET
