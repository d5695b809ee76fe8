"""Schedules from the command line, on a laptop."""

from __future__ import annotations

from pathlib import Path

import pytest

PLUGIN = str(Path(__file__).parents[1] / "dispatch" / "schedules" / "plugin")


@pytest.fixture
def environment(environment):
    """With jobs that have schedules."""
    return {**environment, "PYTHONPATH": PLUGIN, "TZ": "UTC"}


def schedules(runjobs):
    return {each["name"]: each for each in runjobs("schedules", "list", "--json").json}


def test_schedules_are_listed_as_they_are_declared(runjobs):
    found = schedules(runjobs)
    assert set(found) == {"tidy", "new-year", "new-year-wait"}
    tidy = found["tidy"]
    assert (tidy["schedule"], tidy["time_zone"]) == ("30 3 * * *", "Europe/Berlin")
    assert (tidy["state"], tidy["last"], tidy["run"], tidy["fired"]) == ("active", None, None, 0)
    assert found["new-year"]["next"].endswith("-01-01T00:00:00Z")
    line = next(x for x in runjobs("schedules", "list").out.splitlines() if "tidy" in x)
    assert line.split()[:7] == ["tidy", "30", "3", "*", "*", "*", "Europe/Berlin"]
    assert line.split()[-1] == "active"


def test_the_jobs_are_listed_with_their_schedules(runjobs):
    found = {each["name"]: each for each in runjobs("jobs", "--json").json}
    assert (found["tidy"]["schedule"], found["tidy"]["time_zone"]) == (
        "30 3 * * *",
        "Europe/Berlin",
    )
    assert (found["noop"]["schedule"], found["noop"]["time_zone"]) == (None, None)
    line = next(x for x in runjobs("jobs").out.splitlines() if x.startswith("tidy"))
    assert "30 3 * * * Europe/Berlin" in line


def test_where_no_job_has_one_that_is_said(runjobs):
    said = runjobs("schedules", "list", env={"PYTHONPATH": None})
    assert (said.code, said.out, said.err) == (0, "", "No job has a schedule.\n")
    assert runjobs("schedules", "list", "--json", env={"PYTHONPATH": None}).json == []


def test_one_is_paused_and_resumed(runjobs):
    (paused,) = runjobs("schedules", "pause", "tidy", "--json").json
    assert (paused["name"], paused["state"], paused["next"]) == ("tidy", "paused", None)
    assert {name for name, each in schedules(runjobs).items() if each["state"] == "paused"} == {
        "tidy"
    }
    assert "paused" in runjobs("schedules", "list").out
    (resumed,) = runjobs("schedules", "resume", "tidy", "--json").json
    assert resumed["state"] == "active"


def test_all_are_paused_and_resumed_as_in_a_rollback(runjobs):
    assert {each["state"] for each in runjobs("schedules", "pause", "--all", "--json").json} == {
        "paused"
    }
    assert {each["state"] for each in schedules(runjobs).values()} == {"paused"}
    runjobs("schedules", "resume", "--all")
    assert {each["state"] for each in schedules(runjobs).values()} == {"active"}


def test_one_is_run_now_and_tells_its_run(runjobs):
    said = runjobs("schedules", "run", "new-year", "--json").json
    assert said["name"] == "new-year"
    id = said["run"]["id"]
    assert runjobs("watch", id).code == 0
    found = schedules(runjobs)["new-year"]
    assert (found["run"], found["fired"]) == (id, 1)
    again = runjobs("schedules", "run", "new-year")
    assert again.code == 0
    assert "new-year" in runjobs("list").out


def test_one_is_not_run_while_its_last_run_goes_on(runjobs):
    runjobs("queues", "pause", "default")
    id = runjobs("schedules", "run", "new-year", "--json").json["run"]["id"]
    said = runjobs("schedules", "run", "new-year")
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
def test_what_is_no_schedule_is_refused_and_changes_nothing(runjobs, arguments, problem):
    said = runjobs("schedules", *arguments)
    assert (said.code, said.out) == (2, "")
    assert problem in said.err
    assert "Traceback" not in said.err
    assert {each["state"] for each in schedules(runjobs).values()} == {"active"}
