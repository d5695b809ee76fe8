"""Real processes, killed in the middle of their deletions."""

from __future__ import annotations

import json
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.data.usage import USAGE_COUNTERS, counter_data
from common.documents import Create, Query
from common.runs import State
from common.runtime.perform import INTERRUPTED
from tests.runtime.tasks import Tasks

PROGRAM = str(Path(__file__).with_name("plugin") / "stops.py")
MANY = 400
STOPS = ("after 3", "before 6")


@pytest.fixture
def tasks(tmp_path):
    with closing(Tasks(tmp_path)) as tasks:
        yield tasks


def fill(tasks):
    end = datetime.now(UTC) - timedelta(days=500)
    data = counter_data(tenant="", user="u", metric="m", period="p", period_end=end)
    tasks.documents.commit([Create(USAGE_COUNTERS, f"c{n}", data) for n in range(MANY)])


def start(tasks, attempt, stop=""):
    env = {"UPKEEP_STOP": stop, "CLOUD_RUN_TASK_ATTEMPT": str(attempt)}
    return tasks.start(PROGRAM, "usage-counter-cleanup", "--force", bare=True, **env)


def check(tasks, last):
    assert last.code() == 0, last.text
    assert tasks.only.state is State.SUCCEEDED
    assert json.loads(tasks.only.result)["removed_count"] == MANY
    assert tasks.documents.count(Query(USAGE_COUNTERS)) == 0
    assert tasks.documents.count(Query("tallies")) == 0


def test_after_two_kills_each_counter_is_removed_and_counted_once(tasks):
    fill(tasks)
    for attempt, stop in enumerate(STOPS):
        task = start(tasks, attempt, stop)
        task.await_line()
        assert task.end(signal.SIGKILL)[0] == -signal.SIGKILL
    check(tasks, start(tasks, len(STOPS)))


def test_told_to_end_it_finishes_the_commit_in_hand_and_goes_on_later(tasks):
    fill(tasks)
    task = start(tasks, 0, "before 2")
    task.await_line()
    task.send(signal.SIGTERM)
    task.say("go on")
    assert task.code() == INTERRUPTED, task.text
    left = tasks.documents.count(Query(USAGE_COUNTERS))
    assert 0 < left < MANY
    assert (tasks.only.state, tasks.only.failures) == (State.PENDING, 0)
    check(tasks, start(tasks, 1))
