"""Tasks that Cloud Scheduler has started, as real processes."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from common.runs import State
from common.runs.firings import Firings
from tests.runtime.tasks import ROOT

PLUGIN = Path(__file__).parents[1] / "dispatch" / "schedules" / "plugin"
BY_SCHEDULE = {
    "RUNJOBS_SCHEDULED": "1",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(PLUGIN)]),
}


@pytest.fixture
def start(tasks):
    return partial(tasks.start, **BY_SCHEDULE)


@pytest.fixture
def run(tasks):
    return partial(tasks.run, **BY_SCHEDULE)


def test_a_start_makes_the_run_of_the_moment_that_has_come(tasks, run):
    assert run("new-year").code() == 0
    standing = Firings(tasks.runs).get("new-year")
    assert (tasks.only.state, tasks.only.id) == (State.SUCCEEDED, standing.run)
    assert f"{standing.last:%m-%d %H:%M}" == "01-01 00:00"
    assert tasks.only.key == f"schedule {standing.last.isoformat()}"


def test_a_start_too_many_ends_well_without_a_run(tasks, run):
    run("new-year")
    assert run("new-year", CLOUD_RUN_EXECUTION="x-2").code() == 0  # by hand, long afterwards
    third = run("new-year", CLOUD_RUN_EXECUTION="x-3")
    assert third.code() == 0
    assert "has fired for" in third.text
    assert len(tasks.runs.list()) == 2


def test_a_start_while_the_last_run_goes_on_ends_well_without_a_run(tasks, start, run):
    first = start("new-year-wait")
    first.await_line()
    second = run("new-year-wait", CLOUD_RUN_EXECUTION="x-2")
    assert second.code() == 0
    assert f"run {tasks.only.id} of the last firing goes on" in second.text
    first.say("")
    assert first.code() == 0
    assert tasks.only.state is State.SUCCEEDED


def test_a_task_that_was_killed_goes_on_with_its_run_when_it_is_tried_again(tasks, start):
    first = start("new-year-wait")
    first.await_line()
    first.end(signal.SIGKILL)
    again = start("new-year-wait", CLOUD_RUN_TASK_ATTEMPT="1")
    again.await_line("ready 2")
    again.say("")
    assert again.code() == 0
    assert [attempt.outcome for attempt in tasks.only.attempts] == ["lost", "succeeded"]


def test_options_are_the_runs_params(tasks, run):
    assert run("tidy", "--how", "well").code() == 0
    assert tasks.only.result == '{"how":"well"}'


def test_what_is_scheduled_no_more_ends_well_without_a_run_and_says_so(tasks, run):
    done = run("noop")
    assert done.code() == 0
    assert "noop declares no schedule any more" in done.text
    assert tasks.runs.list() == []


def test_started_by_hand_a_scheduled_job_is_like_any_other(tasks, run):
    for number in (1, 2):
        assert run("new-year", RUNJOBS_SCHEDULED="", CLOUD_RUN_EXECUTION=f"x-{number}").code() == 0
    assert len(tasks.runs.list()) == 2
    assert Firings(tasks.runs).list() == []
