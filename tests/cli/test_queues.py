"""Queues from the command line: how they stand, their limits, and stopping them."""

from __future__ import annotations

import pytest

LATER = ("submit", "noop", "--delay", "1h", "--json")


def queue(inside, name="maintenance-tasks"):
    return {each["name"]: each for each in inside("queues", "list", "--json").json}[name]


def test_all_known_queues_are_listed_with_the_limits_that_hold(inside):
    found = {each["name"]: each for each in inside("queues", "list", "--json").json}
    known = {"extract-tasks", "io-tasks", "automation-tasks", "maintenance-tasks"}
    assert set(found) >= {*known, "video-jobs-queue"}
    for name in known:
        assert (found[name]["max_concurrent"], found[name]["max_per_second"]) == (50, 10)
        assert set(found[name]["sources"].values()) == {"default"}


def test_a_queue_tells_what_waits_in_it(inside):
    inside("queues", "pause", "maintenance-tasks")
    inside("submit", "noop")
    inside(*LATER)
    found = queue(inside)
    assert (found["ready"], found["later"], found["active"]) == (1, 1, 0)
    assert found["oldest_ready_seconds"] >= 0
    line = next(x for x in inside("queues", "list").out.splitlines() if "maintenance" in x)
    assert line.split()[:4] == ["maintenance-tasks", "1", "1", "0"]
    assert "paused" in line


def test_a_queue_that_no_job_declares_is_listed_while_somebody_knows_it(inside):
    said = inside("queues", "set", "mine", "--max-concurrent", "2", "--json")
    assert said.code == 0
    assert "Note: no job here declares the queue mine" in said.err
    assert queue(inside, "mine")["max_concurrent"] == 2
    assert inside("queues", "pause", "mine").err == ""


def test_limits_are_chosen_one_by_one_and_given_up_together(inside):
    inside("queues", "set", "io-tasks", "--max-concurrent", "3", "--weight", "acme=5")
    inside("queues", "set", "io-tasks", "--max-per-second", "0.5", "--burst", "4")
    found = queue(inside, "io-tasks")
    assert (found["max_concurrent"], found["max_per_second"], found["burst"]) == (3, 0.5, 4)
    assert set(found["sources"].values()) == {"chosen"}
    assert found["weights"] == {"acme": 5}
    inside("queues", "set", "io-tasks", "--default", "--max-concurrent", "none")
    found = queue(inside, "io-tasks")
    assert (found["max_concurrent"], found["max_per_second"]) == (None, 10)
    assert found["sources"]["max_per_second"] == "default"


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "io-tasks"],
        ["set", "io-tasks", "--max-concurrent", "0"],
        ["set", "io-tasks", "--max-concurrent", "many"],
        ["set", "io-tasks", "--max-per-second", "nan"],
        ["set", "io-tasks", "--default", "--max-per-second", "-1"],
        ["set", "io-tasks", "--burst", "-1"],
        ["set", "io-tasks", "--weight", "acme"],
        ["set", "io-tasks", "--weight", "acme=0"],
        ["set", "io-tasks", "--weight", "=2"],
        ["set", "io/tasks", "--max-concurrent", "1"],
        ["pause", ""],
        ["pause"],
        ["resume", "io-tasks", "--all"],
    ],
)
def test_what_is_no_limit_or_no_queue_is_refused_and_changes_nothing(inside, arguments):
    inside("queues", "set", "io-tasks", "--max-concurrent", "7")
    said = inside("queues", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err
    assert "Traceback" not in said.err
    found = queue(inside, "io-tasks")
    assert (found["max_concurrent"], found["max_per_second"], found["weights"]) == (7, 10, {})


def test_a_paused_queue_starts_nothing_says_so_and_goes_on_when_it_is_resumed(runjobs, inside):
    assert inside("queues", "pause", "maintenance-tasks", "--json").json[0]["paused"]
    said = inside("submit", "noop")
    assert "pending" in said.out
    assert "runjobs queues resume maintenance-tasks" in said.out
    id = said.out[:16]
    assert inside("sweep", "--json").json["started"] == []
    assert "Its queue is paused" in inside("show", id).out
    assert not runjobs("queues", "resume", "maintenance-tasks", "--json").json[0]["paused"]
    assert inside("show", id, "--json").json["state"] != "pending"
    assert inside("watch", id).code == 0


def test_a_queue_that_nobody_knows_is_noted_where_it_is_purged(inside):
    said = inside("queues", "purge", "io-taks")
    assert said.err == "Note: no job here declares the queue io-taks, and no run is in it.\n"
    assert inside("queues", "purge", "io-tasks").err == ""


def test_purge_asks_first_and_cancels_what_waits(inside):
    ids = [inside(*LATER).json["id"] for _ in range(3)]
    assert inside("queues", "purge", "maintenance-tasks", stdin="n\n").code == 1
    assert queue(inside)["later"] == 3
    said = inside("queues", "purge", "maintenance-tasks", stdin="y\n")
    assert "3 runs are waiting in maintenance-tasks: cancel them?" in said.out
    assert said.out.endswith("3 runs are cancelled.\n")
    assert {run["state"] for run in inside("list", "--json").json} == {"cancelled"}
    assert {run["id"] for run in inside("list", "--json").json} == set(ids)


def test_a_program_and_whoever_says_yes_are_not_asked(inside):
    inside(*LATER)
    said = inside("queues", "purge", "maintenance-tasks", "--json")
    assert said.json == {"queue": "maintenance-tasks", "cancelled": 1}
    inside(*LATER)
    assert inside("queues", "purge", "maintenance-tasks", "--yes").out == "1 run is cancelled.\n"


def test_all_are_held_back_and_let_go_again(inside):
    inside("queues", "set", "mine", "--max-concurrent", "2")
    paused = inside("queues", "pause", "--all", "--json").json
    assert {"io-tasks", "video-jobs-queue", "mine"} < {each["name"] for each in paused}
    assert {each["paused"] for each in paused} == {True}
    waiting = inside("submit", "noop", "--json").json
    resumed = inside("queues", "resume", "--all", "--json").json
    assert len(resumed) == len(paused)
    assert {each["paused"] for each in inside("queues", "list", "--json").json} == {False}
    assert inside("watch", waiting["id"]).code == 0
