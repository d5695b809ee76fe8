"""runjobs status, as people read it."""

from __future__ import annotations

PLAN = ("plan", "--topics", "topics.txt", "--per-day", "3", "--per-hour", "1")


def test_a_queue_that_nobody_knows_is_told_of(inside):
    said = inside("status", "--queue", "vidoe-jobs-queue")
    assert said.code == 0
    assert said.err == (
        "Note: no job here declares the queue vidoe-jobs-queue, and no run is in it.\n"
    )
    assert inside("status", "--queue", "video-jobs-queue").err == ""


def test_days_that_go_on_stand_below_the_queues_and_those_cancelled_do_not(inside, tmp_path):
    (tmp_path / "topics.txt").write_text("one\ntwo\n")
    inside("queues", "pause", "video-jobs-queue")  # so that nothing is started
    for name in ("goes-on", "given-up"):
        assert inside(*PLAN, "--name", name).code == 0
    inside("plan", "cancel", "given-up")
    said = inside("status", env={"COLUMNS": "80"}).out
    assert "Plan goes-on" in said
    assert "3 due" in said
    assert "given-up" not in said
    assert all(len(line) <= 80 for line in said.splitlines())
