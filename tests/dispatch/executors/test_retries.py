"""Tasks that failed are tried again, as Cloud Run does and our dispatcher never asks for."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.dispatch.executors.supervision import attempt_of, begin, settle


def test_a_task_that_failed_is_tried_again_and_knows_it(folder, puppets):
    begin(folder, puppets.command, retries=3)
    for attempt, code in enumerate((1, 7, 0)):
        task = puppets.next()
        assert attempt_of(task) == ("0", str(attempt))
        task.end(code)
    settle(folder)
    ended = folder.tasks[0]
    assert ended["result"] == "succeeded"
    assert [it["exit_code"] for it in ended["failures"]] == [1, 7]
    assert puppets.none_waits()


def test_a_task_that_fails_as_often_as_it_may_has_failed_like_the_last_time(folder, puppets):
    begin(folder, puppets.command, retries=1)
    for code in (3, 4):
        puppets.next().end(code)
    settle(folder)
    ended = folder.tasks[0]
    assert (ended["result"], ended["exit_code"]) == ("failed", 4)
    assert [it["exit_code"] for it in ended["failures"]] == [3]
    assert puppets.none_waits()


def test_without_retries_a_failure_is_the_end(folder, puppets):
    begin(folder, puppets.command)
    puppets.next().end(1)
    settle(folder)
    assert folder.tasks[0]["result"] == "failed"
    assert "failures" not in folder.tasks[0]
    assert puppets.none_waits()


def test_a_task_that_is_tried_again_keeps_its_slot(folder, puppets):
    begin(folder, puppets.command, tasks=2, retries=1)
    seen = []
    for code in (1, 0, 0):
        task = puppets.next()
        assert puppets.none_waits()
        seen.append(attempt_of(task))
        task.end(code)
    settle(folder)
    assert seen == [("0", "0"), ("0", "1"), ("1", "0")]


def test_each_attempt_has_the_whole_timeout(folder):
    begin(folder, ["sleep", "60"], timeout=0.3, retries=1)
    settle(folder)
    ended = folder.tasks[0]
    for each in (ended, *ended["failures"]):
        assert each["detail"].startswith("The configured timeout was reached.")
        assert 0.3 <= each["seconds"] < 20
    assert ended["started"] >= ended["failures"][0]["started"] + 0.3


def test_a_task_that_was_killed_is_tried_again(folder, puppets):
    begin(folder, puppets.command, retries=1)
    first = puppets.next()
    os.kill(first.pid, signal.SIGKILL)
    puppets.next().end(0)
    settle(folder)
    assert folder.tasks[0]["result"] == "succeeded"
    assert folder.tasks[0]["failures"][0]["term_signal"] == signal.SIGKILL


def test_a_cancelled_task_is_not_tried_again(folder, puppets):
    begin(folder, puppets.command, retries=5)
    puppets.next().end(1)
    second = puppets.next()
    folder.end()
    second.wait()
    settle(folder)
    assert folder.tasks[0]["result"] == "cancelled"
    assert len(folder.tasks[0]["failures"]) == 1
    assert puppets.none_waits()


def test_what_every_attempt_printed_is_kept_and_where_it_begins(folder):
    code = "import os, sys; n = os.environ['CLOUD_RUN_TASK_ATTEMPT']; print('try', n); sys.exit(9)"
    begin(folder, [sys.executable, "-S", "-c", code], retries=2)
    settle(folder)
    printed = folder.log(0).read_bytes()
    assert printed == b"try 0\ntry 1\ntry 2\n"
    ended = folder.tasks[0]
    assert [it["offset"] for it in (*ended["failures"], ended)] == [0, 6, 12]


def test_while_it_is_tried_again_it_is_not_over(folder, puppets):
    begin(folder, puppets.command, retries=1)
    puppets.next().end(1)
    second = puppets.next()
    assert "result" not in folder.tasks[0]
    second.end(0)
    settle(folder)
    assert folder.tasks[0]["result"] == "succeeded"


def test_a_task_that_cannot_be_started_is_not_tried_again(folder, tmp_path):
    begin(folder, [str(tmp_path / "nothing")], retries=3)
    settle(folder)
    assert folder.tasks[0]["result"] == "failed"
    assert "failures" not in folder.tasks[0]


def test_a_task_begins_in_the_folder_that_it_is_told(folder, tmp_path):
    begin(folder, ["pwd"], place=str(tmp_path))
    settle(folder)
    assert Path(folder.log(0).read_text().strip()).resolve() == tmp_path.resolve()
