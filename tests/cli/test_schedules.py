"""Schedules from the command line, on a laptop."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.dispatch.schedules import declared

PLUGIN = str(Path(__file__).parents[1] / "dispatch" / "schedules" / "plugin")
OWN = {
    "abandoned-job-cleanup": "0 1 * * *",
    "artifact-cleanup": "0 3 * * *",
    "daily-plan": "10 0 * * *",
    "free-user-period-reset": "30 0 * * *",
    "gmail-watch-renewal": "45 6 * * *",
    "opt-out-data-cleanup": "0 4 * * 6",
    "stripe-usage-reconciliation": "15 */2 * * *",
    "usage-counter-cleanup": "0 2 * * 0",
}
"""This project's own, in UTC: the seven crons as they always were."""


@pytest.fixture
def environment(environment):
    """With jobs that have schedules."""
    return {**environment, "PYTHONPATH": PLUGIN, "TZ": "UTC"}


@pytest.fixture
def inside(inside):
    """With this project's own jobs only."""
    declared.cache_clear()
    yield inside
    declared.cache_clear()


@pytest.fixture
def plugged(inside, monkeypatch):
    """With the others too."""
    monkeypatch.syspath_prepend(PLUGIN)
    return inside


def schedules(call):
    return {each["name"]: each for each in call("schedules", "list", "--json").json}


def test_schedules_are_listed_as_they_are_declared(plugged):
    found = schedules(plugged)
    assert {*found} == {*OWN, "tidy", "new-year", "new-year-wait"}
    tidy = found["tidy"]
    assert (tidy["schedule"], tidy["time_zone"]) == ("30 3 * * *", "Europe/Berlin")
    assert (tidy["state"], tidy["last"], tidy["run"], tidy["fired"]) == ("active", None, None, 0)
    assert found["new-year"]["next"].endswith("-01-01T00:00:00Z")
    line = next(x for x in plugged("schedules", "list").out.splitlines() if "tidy" in x)
    assert line.split()[:7] == ["tidy", "30", "3", "*", "*", "*", "Europe/Berlin"]
    assert line.split()[-1] == "active"


def test_the_jobs_are_listed_with_their_schedules(plugged):
    found = {each["name"]: each for each in plugged("jobs", "--json").json}
    assert (found["tidy"]["schedule"], found["tidy"]["time_zone"]) == (
        "30 3 * * *",
        "Europe/Berlin",
    )
    assert (found["noop"]["schedule"], found["noop"]["time_zone"]) == (None, None)
    line = next(x for x in plugged("jobs").out.splitlines() if x.startswith("tidy"))
    assert "30 3 * * * Europe/Berlin" in line


def test_the_crons_run_when_they_always_did(inside):
    found = schedules(inside)
    assert {name: each["schedule"] for name, each in found.items()} == OWN
    assert {each["time_zone"] for each in found.values()} == {"UTC"}


def test_where_no_job_has_one_that_is_said(inside, monkeypatch):
    monkeypatch.setattr("common.cli.schedules.declared", tuple)
    said = inside("schedules", "list")
    assert (said.code, said.out, said.err) == (0, "", "No job has a schedule.\n")
    assert inside("schedules", "list", "--json").json == []


def test_one_is_paused_and_resumed(plugged):
    (paused,) = plugged("schedules", "pause", "tidy", "--json").json
    assert (paused["name"], paused["state"], paused["next"]) == ("tidy", "paused", None)
    assert {name for name, each in schedules(plugged).items() if each["state"] == "paused"} == {
        "tidy"
    }
    assert "paused" in plugged("schedules", "list").out
    (resumed,) = plugged("schedules", "resume", "tidy", "--json").json
    assert resumed["state"] == "active"


def test_all_are_paused_and_resumed_as_in_a_rollback(plugged):
    assert {each["state"] for each in plugged("schedules", "pause", "--all", "--json").json} == {
        "paused"
    }
    assert {each["state"] for each in schedules(plugged).values()} == {"paused"}
    plugged("schedules", "resume", "--all")
    assert {each["state"] for each in schedules(plugged).values()} == {"active"}


def test_one_is_run_now_and_tells_its_run(runjobs, plugged):
    said = runjobs("schedules", "run", "new-year", "--json").json
    assert said["name"] == "new-year"
    id = said["run"]["id"]
    assert runjobs("watch", id).code == 0
    found = schedules(plugged)["new-year"]
    assert (found["run"], found["fired"]) == (id, 1)
    again = runjobs("schedules", "run", "new-year")
    assert again.code == 0
    assert "new-year" in plugged("list").out


def test_one_is_not_run_while_its_last_run_goes_on(plugged):
    plugged("queues", "pause", "default")
    id = plugged("schedules", "run", "new-year", "--json").json["run"]["id"]
    said = plugged("schedules", "run", "new-year")
    assert (said.code, said.out) == (1, "")
    assert f"Run {id} of the last firing of new-year has not ended" in said.err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["pause"], "Say either NAME or --all"),
        (["resume", "tidy", "--all"], "Say either NAME or --all"),
        (["pause", "noop"], "There is no schedule of noop: see `runjobs schedules list`."),
        (["resume", "nothing"], "There is no schedule of nothing"),
        (["run", "noop"], "There is no schedule of noop"),
        (["run", "../x"], "../x"),
        (["run"], "Missing argument"),
    ],
)
def test_what_is_no_schedule_is_refused_and_changes_nothing(plugged, arguments, problem):
    said = plugged("schedules", *arguments)
    assert (said.code, said.out) == (2, "")
    assert problem in said.err
    assert "Traceback" not in said.err
    assert {each["state"] for each in schedules(plugged).values()} == {"active"}
