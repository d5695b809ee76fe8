"""Real threads and processes, in real time, on one store."""

from __future__ import annotations

import subprocess
import sys
import threading
import time as real
from contextlib import closing
from datetime import timedelta

import pytest

from common.documents import Query, open_documents
from common.limits import Buckets, Limiter, Limits, Rate, Slots, Turn, statistics
from common.limits.slots import SLOTS
from tests.limits.caller import LIMITS
from tests.limits.windows import excess

PATIENCE = 60.0
"""Seconds; far more than it takes, also on a machine that is busy."""
CALLS = 10
"""That each thread of a process makes."""


def most_at_once(spans):
    """How many of the spans share a moment."""
    steps = sorted([(end, -1) for _, end in spans] + [(begin, 1) for begin, _ in spans])
    now = most = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def test_processes_keep_to_rate_and_concurrency_together(tmp_path):
    """Three processes of three threads each."""
    url = f"sqlite:///{tmp_path}/documents.sqlite3"
    argv = [sys.executable, "-m", "tests.limits.caller", url, str(CALLS), "3"]
    running = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    spans = [tuple(map(float, line.split())) for text in printed for line in text.splitlines()]
    assert excess(LIMITS.rate(1.0), [begin for begin, _ in spans], late=1.0) <= 0
    assert most_at_once(spans) <= LIMITS.max_concurrent
    assert len(spans) == 3 * 3 * CALLS
    with closing(open_documents(url)) as store:
        assert statistics(store, "p").calls == len(spans)


def in_threads(count, act):
    failures = []

    def run(index):
        try:
            act(index)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("wanted", [1, 5])
def test_threads_that_take_as_fast_as_they_can_never_have_too_many(open_store, wanted):
    """Each with a connection of its own, as containers have."""
    rate, granted, never = Rate(per_second=30, burst=15), [], threading.Event()
    end = real.monotonic() + PATIENCE

    def take(_):
        buckets = Buckets(open_store(patience=60))
        while len(granted) < 75 and real.monotonic() < end:
            asked = real.monotonic()
            permits = buckets.take("r", rate, wanted)
            granted.extend([asked] * permits.count)
            never.wait(permits.wait)

    in_threads(6, take)
    # When it was asked is noted a little before the store's time is looked at.
    assert excess(rate, granted, late=0.5) <= 0
    assert len(granted) >= 75


def test_of_threads_that_want_a_slot_as_many_have_one_as_may(open_store):
    held, lock, most = set(), threading.Lock(), []

    def take(index):
        slots = Slots(open_store(patience=60))
        for number in range(15):
            holder = f"{index}-{number}"
            slot = slots.acquire("s", 3, holder, timedelta(minutes=1))
            if slot is None:
                continue
            with lock:
                assert slot.index not in held
                held.add(slot.index)
                most.append(len(held))
            with lock:
                held.discard(slot.index)
            slots.release(slot)

    in_threads(6, take)
    assert max(most) <= 3
    assert len(most) >= 20


KILLED = """
import os, signal, sys
from datetime import timedelta
from common.documents import Query, open_documents
from common.limits import Limiter, Limits
limits = Limits(name="k", per_second=100, max_concurrent=1, term=timedelta(seconds=1))
turn = Limiter(open_documents(sys.argv[1]), limits).turn()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_slot_of_a_killed_process_is_free_after_its_term_and_not_before(tmp_path):
    url = f"sqlite:///{tmp_path}/documents.sqlite3"
    done = subprocess.run([sys.executable, "-c", KILLED, url], check=False)
    assert done.returncode == -9
    limits = Limits(name="k", per_second=100, max_concurrent=1, term=timedelta(seconds=1))
    with closing(open_documents(url)) as store:
        (slot,) = store.query(Query(SLOTS))
        with Limiter(store, limits).turn(within=30) as turn:
            assert isinstance(turn, Turn)
            assert store.now() >= slot.data["until"]
