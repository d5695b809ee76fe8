"""Wake-ups driven by several processes at once, some of which are killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from common.dispatch.wakeups import Wakeup
from common.dispatch.wakeups.local import LocalWakeups

ROOT = Path(__file__).parents[3]
LEASE = 60.0
PATIENCE = 120.0
"""Seconds after which a test that waits in vain fails."""
NOTHING = "(nothing more has come)"


@pytest.fixture
def wakeups(documents) -> LocalWakeups:
    return LocalWakeups(documents)


@pytest.fixture
def count(documents_url) -> int:
    """400 in SQLite; 60 in Firestore, whose emulator takes longer."""
    return 400 if documents_url.startswith("sqlite") else 60


def ask(wakeups: LocalWakeups, count: int) -> set[str]:
    """Set a wake-up, due by now, for each of so many queues; returns their names."""
    names = {f"q{index}" for index in range(count)}
    at = wakeups.documents.now() - timedelta(seconds=1)
    for name in names:
        wakeups.timers.set(Wakeup(kind="queue", name=name, at=at))
    return names


class Workers:
    """Processes that print what they handle into one pipe."""

    def __init__(self, url: str, into: int) -> None:
        self.url, self._into = url, into
        self.processes: list[subprocess.Popen] = []

    def start(self, mode: str = "say", lease: float = LEASE) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.dispatch.wakeups.worker", self.url, str(lease), mode],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=self._into,
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        """Have them all end, as they would by themselves."""
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            process.wait(60)


@contextmanager
def workers(url: str) -> Iterator[tuple[Workers, Iterator[str]]]:
    """Processes to be started, and the lines that they print, for as long as a test may take."""
    reading, writing = os.pipe()
    many = Workers(url, writing)
    watch = threading.Timer(PATIENCE, os.write, (writing, f"{NOTHING}\n".encode()))
    watch.start()
    with os.fdopen(reading) as lines:
        try:
            yield many, read(lines)
        finally:
            watch.cancel()
            watch.join()
            os.close(writing)
            for process in many.processes:
                process.kill()
                process.wait()
                process.stdin.close()


def read(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        assert line.strip() != NOTHING
        yield line.strip()


def until_all(names: set[str], lines: Iterator[str]) -> list[str]:
    """What was handled until each of the names was."""
    handled, missing = [], set(names)
    while missing:
        handled.append(next(lines))
        missing.discard(handled[-1])
    return handled


@pytest.mark.parametrize("size", [2, 8])
def test_of_many_processes_one_handles_each_wakeup(wakeups, documents_url, count, size):
    names = ask(wakeups, count)
    with workers(documents_url) as (many, lines):
        for _ in range(size):
            many.start()
        handled = until_all(names, lines)
        many.end()
        many.start()  # should one be left, or be there twice, it is handled before this one
        wakeups.timers.set(Wakeup(kind="queue", name="last", at=wakeups.documents.now()))
        handled += until_all({"last"}, lines)
    assert sorted(handled) == sorted([*names, "last"])


def test_what_a_killed_process_had_taken_is_handled_by_another(wakeups, documents_url):
    ask(wakeups, 1)
    with workers(documents_url) as (many, lines):
        victim = many.start("hang", lease=1.0)
        assert next(lines) == "q0"
        victim.kill()
        victim.wait()
        assert wakeups.describe().waiting == 1
        many.start()
        assert next(lines) == "q0"
        many.end()
    assert wakeups.describe().waiting == 0


def test_processes_killed_again_and_again_lose_no_wakeup(wakeups, documents_url):
    """Each victim takes one with it and dies; one that lives handles them all."""
    names = ask(wakeups, 8)
    with workers(documents_url) as (many, lines):
        taken = []
        for _ in range(4):
            victim = many.start("hang", lease=1.0)
            taken.append(next(lines))
            victim.kill()
            victim.wait()
        assert wakeups.describe().waiting == len(names)
        many.start()
        handled = until_all(names, lines)
        many.end()
    assert sorted(handled) == sorted(names)
    assert wakeups.describe().waiting == 0


def test_a_wakeup_that_another_process_sets_is_handled_within_seconds(wakeups, documents_url):
    with workers(documents_url) as (many, lines):
        many.start()
        ask(wakeups, 1)
        assert next(lines) == "q0"  # it is up, and now waits
        asked = wakeups.documents.now()
        wakeups.schedule(Wakeup(kind="queue", name="q1", at=asked))
        assert next(lines) == "q1"
        took = wakeups.documents.now() - asked
    interval = wakeups.documents.read_interval
    assert took < timedelta(seconds=8 * interval + 5)
