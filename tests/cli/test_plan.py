"""runjobs plan: planning a day, looking at it, changing it, from the command line."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from common.documents import Query, open_documents

PLAN = ("plan", "--topics", "topics.txt", "--per-day", "96", "--per-hour", "4")
TOMORROW = (*PLAN, "--from", "00:00", "--day", "tomorrow")


@pytest.fixture
def runjobs(inside, tmp_path):
    lines = "".join(f"Topic {number}\n" for number in range(200))
    (tmp_path / "topics.txt").write_text(f"\ufeff# what to show\n{lines}")
    assert inside("queues", "pause", "video-jobs-queue").code == 0  # so that nothing is started
    return inside


def show(runjobs, *arguments: str):
    return runjobs("plan", "show", *arguments, "--json").json


def test_96_a_day_and_4_an_hour_are_pending_a_quarter_of_an_hour_apart_from_now_on(runjobs):
    said = runjobs(*PLAN, "--duration", "5", "--provider", "local")
    assert (said.code, said.err) == (0, "")
    assert "96 runs of video-generation wait (96 made)" in said.out
    runs = runjobs("list", "--state", "pending", "--limit", "1000", "--json").json
    dues = sorted(datetime.fromisoformat(run["due"]) for run in runs)
    assert len(dues) == 96
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(dues)} == {900}
    assert abs((dues[0] - datetime.now(UTC)).total_seconds()) < 600
    params = runjobs("show", runs[0]["id"], "--json").json["params"]
    assert (params["duration"], params["provider"]) == (5, "local")


def test_the_same_again_doubles_nothing_and_something_else_is_explained(runjobs):
    first = runjobs(*TOMORROW, "--json")
    again = runjobs(*TOMORROW)
    assert (first.json["made"], first.json["again"], again.code) == (96, False, 0)
    assert "is planned already: nothing is doubled" in again.out
    other = runjobs(*TOMORROW, "--per-hour", "6")
    assert (other.code, other.out) == (2, "")
    assert "4 an hour" in other.err
    assert "runjobs plan change daily --day" in other.err
    assert show(runjobs)["counts"]["due"] == 96


def test_a_day_is_listed_shown_changed_and_cancelled(runjobs):
    day = str((datetime.now(UTC) + timedelta(days=5)).date())  # too far for another to be planned
    runjobs(*PLAN, "--from", "00:00", "--day", day, "--tz", "Europe/Berlin", "--daily")
    assert (
        "The days to come are planned by the job daily-plan"
        in runjobs("plan", "change", "--daily").out
    )
    (plan,) = runjobs("plan", "list", "--json").json
    assert (plan["name"], plan["daily"], plan["next_topic"], plan["zone"]) == (
        *("daily", True, 97, "Europe/Berlin"),
    )
    assert [each["day"] for each in plan["days"]] == [day]
    changed = runjobs("plan", "change", "--per-hour", "6", "--from", "06:00", "--json").json
    assert (changed["made"], changed["runs"], changed["cancelled"]) == (0, 96, 0)
    hours = show(runjobs, day)["hours"]
    assert [hour["due"] for hour in hours] == [6] * 16
    assert hours[0]["hour"].startswith(f"{day}T06:00:00+0")
    fewer = runjobs("plan", "change", "daily", "--per-day", "10")
    assert "10 runs of video-generation wait (86 cancelled)" in fewer.out
    cancelled = runjobs("plan", "cancel", "--day", day, "--json").json
    assert (cancelled["cancelled"], cancelled["day"]) == (10, day)
    assert show(runjobs, "daily", "--day", day)["cancelled"]


def test_other_topics_take_the_options_that_the_first_ones_had(runjobs, tmp_path):
    runjobs(*TOMORROW, "--duration", "7")
    (tmp_path / "new.txt").write_text("\n".join(f"New {number}" for number in range(200)))
    assert runjobs("plan", "change", "--topics", "new.txt", "--json").json["changed"] == 96
    runs = runjobs("list", "--state", "pending", "--limit", "1000", "--json").json
    params = runjobs("show", runs[0]["id"], "--json").json["params"]
    assert (params["prompt"].split()[0], params["duration"]) == ("New", 7)
    assert len(runs) == 96


def test_cancelling_all_asks_what_runs_too(runjobs):
    runjobs(*PLAN)
    assert "96 runs are cancelled" in runjobs("plan", "cancel", "--all").out
    assert runjobs("list", "--state", "pending", "--json").json == []


def test_what_does_not_fit_and_what_is_repeated_is_told(runjobs, tmp_path):
    (tmp_path / "topics.txt").write_text("a\nb\n")
    said = runjobs(*TOMORROW, "--until", "12:00")
    assert "48 of 96 do not fit into" in said.err
    assert "2 topics for 48 runs: each comes up to 24 times." in said.err
    assert show(runjobs)["runs"] == 48


def test_several_plans_go_side_by_side(runjobs):
    runjobs(*TOMORROW)
    runjobs(*TOMORROW, "--name", "evening", "--from", "20:00", "--per-hour", "12")
    assert [plan["name"] for plan in runjobs("plan", "list", "--json").json] == ["daily", "evening"]
    assert show(runjobs, "evening")["per_hour"] == 12
    said = runjobs("plan", "list", env={"COLUMNS": "80"}).out
    assert all(len(line) <= 80 for line in said.splitlines())


def test_of_a_job_that_is_named_the_options_are_known(runjobs):
    said = runjobs("plan", "--job", "extraction", "--help")
    assert "--schema" in said.out
    assert "--duration" in runjobs("plan", "--help").out
    planned = runjobs(
        *("plan", "--topics", "-", "--per-day", "2", "--job", "extraction", "--day", "tomorrow"),
        *("--provider", "local", "--name", "papers", "--json"),
        stdin='{"source": "a.pdf", "schema": "invoice"}\n',
    )
    assert planned.json["job"] == "extraction"


def test_a_day_hour_by_hour_fits_into_80_columns(runjobs):
    runjobs(*TOMORROW)
    said = runjobs("plan", "show", env={"COLUMNS": "80"}).out
    assert "Next: 00:00, 00:15, 00:30, 00:45, 01:00" in said
    assert sum(line.split()[-2:] == ["4", "-"] for line in said.splitlines()) == 24
    assert all(len(line) <= 80 for line in said.splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--per-day", "1"], "no plan daily yet"),
        (["--topics", "topics.txt"], "Say how many"),
        (["--topics", "nowhere.txt", "--per-day", "1"], "nowhere.txt: it cannot be read"),
        (["--topics", "topics.txt", "--per-day", "0"], "Per day"),
        (["--topics", "topics.txt", "--per-day", "1", "--from", "8"], "is not a time of the day"),
        (["--topics", "topics.txt", "--per-day", "1", "--tz", "Mars"], "no time zone"),
        (["--topics", "topics.txt", "--per-day", "1", "--day", "soon"], "is no day like"),
        (["--topics", "topics.txt", "--per-day", "1", "--day", "2020-02-29"], "Nothing of"),
        (["--topics", "topics.txt", "--per-day", "1", "--name", "A b"], "cannot name a plan"),
        (["--topics", "topics.txt", "--per-day", "1", "--job", "none-such"], "no job 'none-such'"),
        (["--topics", "topics.txt", "--per-day", "1", "--job", "noop"], "line 2: this is not JSON"),
        (["--topics", "topics.txt", "--per-day", "1", "--prompt", "x"], "is no option beside it"),
        (["--topics", "topics.txt", "--per-day", "1", "--params", "{}"], "Say either --params"),
        (["--topics", "topics.txt", "--per-day", "1", "--duration", "999"], "line 2"),
        (["--duration", "5", "--per-day", "1"], "go with --topics"),
        (["--name", "evening", "cancel"], "`runjobs plan cancel [NAME]"),
        (["--per-hour", "6", "change"], "`runjobs plan change [NAME]"),
        (["change"], "Say what to change"),
        (["change", "--per-hour", "6"], "no plan daily"),
        (["cancel"], "no plan daily"),
        (["show"], "no day that is not over"),
        (["show", "2020-02-30"], "is no day like"),
        (["show", "2026-autumn"], "Of the plan 2026-autumn no day"),
    ],
)
def test_misuse_is_exit_code_2_and_a_sentence_and_plans_nothing(runjobs, arguments, words):
    said = runjobs("plan", *arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert runjobs("list", "--json").json == []


def test_for_a_day_far_ahead_a_wake_up_comes_as_early_as_cloud_tasks_takes_one(runjobs, tmp_path):
    now = datetime.now(UTC)
    runjobs(*PLAN, "--day", str((now + timedelta(days=60)).date()))
    with closing(open_documents(f"sqlite:///{tmp_path}/home/documents.sqlite3")) as documents:
        (timer,) = documents.query(Query("timers"))
    assert timedelta(days=29) < timer.data["at"] - now < timedelta(days=30)


def test_without_anything_said_it_tells_how(runjobs):
    assert "Plan a day" in runjobs("plan").err + runjobs("plan").out


def test_a_plan_that_becomes_daily_has_the_days_at_once_that_begin_before_the_job_runs(runjobs):
    said = runjobs(*PLAN, "--daily", "--json").json
    (following,) = said["ahead"]
    assert (following["made"], following["day"] > said["day"]) == (96, True)
    (plan,) = runjobs("plan", "list", "--json").json
    assert [each["day"] for each in plan["days"]] == [said["day"], following["day"]]
    assert runjobs(*PLAN, "--daily", "--json").json["ahead"] == []


def test_that_the_schedule_of_daily_plans_is_paused_is_told(runjobs):
    runjobs("schedules", "pause", "daily-plan")
    assert "`runjobs schedules resume daily-plan`" in runjobs(*TOMORROW, "--daily").err
    runjobs("schedules", "resume", "daily-plan")
    assert runjobs(*TOMORROW, "--daily").err == ""


def test_daily_plans_are_planned_ahead_by_their_job(runjobs):
    day = runjobs(*TOMORROW, "--daily", "--json").json["day"]
    ran = json.loads(runjobs("run", "daily-plan", "--ahead", "60", "--json").out)
    (planned,) = ran["result"]["planned"]
    assert (planned["plan"], planned["runs"]) == ("daily", 96)
    assert planned["day"] > day
    assert runjobs("run", "daily-plan", "--ahead", "60", "--json").json["result"]["planned"] == []


def test_a_single_run_is_told_of_as_one(runjobs):
    said = runjobs(*PLAN[:3], "--per-day", "1", "--from", "08:00", "--day", "tomorrow").out
    assert "1 run of video-generation waits (1 made)" in said
    assert " 08:00; batch" in said
    assert "1 run of video-generation, batch" in runjobs("plan", "show").out
