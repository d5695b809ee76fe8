"""What Cloud Run does to tasks and our dispatcher never asks for: tries them again, moves them."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.dispatch.executors import supervised
from common.dispatch.executors.folder import Folder
from common.dispatch.executors.supervised import Order, supervise
from tests.dispatch.backends import await_unlocked
from tests.dispatch.puppets import Puppets, stage


@pytest.fixture
def puppets() -> Iterator[Puppets]:
    with stage() as puppets:
        yield puppets


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path / "an execution")


def begin(folder: Folder, command: list[str], **options) -> None:
    options = {"tasks": 1, "at_once": 1, "timeout": 60.0, "grace": 0.2, **options}
    order = Order(command=tuple(command), environment=dict(os.environ), **options)
    supervise(folder, {"tasks": order.tasks}, order)


def settle(folder: Folder) -> None:
    await_unlocked(folder.path / "lock")


def attempt_of(puppet) -> tuple[str, str]:
    names = ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_ATTEMPT")
    return tuple(puppet.environment[name] for name in names)


# --- tried again


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


# --- what a supervisor is


def test_a_supervisor_is_bytecode_that_is_up_to_date_or_its_source(tmp_path, monkeypatch):
    """Bytecode saves a compilation, for which every start would wait."""
    source = tmp_path / "other.py"
    source.write_text("WORDS = 'old'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(supervised, "supervisor", importlib.import_module("other"))
    cached = supervised._program()
    assert cached.endswith(".pyc")
    assert subprocess.run([sys.executable, "-I", "-S", cached], check=False).returncode == 0
    source.write_text("WORDS = 'newer'\n")
    assert supervised._program() == str(source)
    source.write_text("WORDS = 'old'\n")
    os.utime(source, (1, 1))
    assert supervised._program() == str(source)
    Path(cached).unlink()
    assert supervised._program() == str(source)


# --- moved


def test_a_move_is_announced_and_then_goes_by_unnoticed(folder, puppets):
    begin(folder, puppets.command)
    task = puppets.next()
    task.do(notice=True)
    assert folder.move()
    assert task.heard() == {"signal": "SIGTSTP"}
    assert task.heard() == {"signal": "SIGCONT"}
    task.end(0)
    settle(folder)
    assert folder.tasks[0]["result"] == "succeeded"


def test_a_task_that_does_not_listen_is_moved_all_the_same(folder, puppets):
    begin(folder, puppets.command)
    task = puppets.next()
    assert folder.move()
    task.do(print="still here")
    task.end(0)
    settle(folder)
    assert folder.tasks[0]["result"] == "succeeded"


def test_all_tasks_that_run_are_moved_and_none_that_waits(folder, puppets):
    begin(folder, puppets.command, tasks=3, at_once=2)
    tasks = [puppets.next(), puppets.next()]
    for task in tasks:
        task.do(notice=True)
    folder.move()
    for task in tasks:
        assert [task.heard()["signal"] for _ in range(2)] == ["SIGTSTP", "SIGCONT"]
        task.end(0)
    puppets.next().end(0)
    settle(folder)
    assert [it["result"] for it in folder.tasks.values()] == ["succeeded"] * 3


def test_a_task_that_is_paused_can_be_cancelled(folder, puppets):
    """SIGTERM reaches it when it goes on; SIGKILL at once."""
    begin(folder, puppets.command)
    task = puppets.next()
    task.do(notice=True)
    task.do(endure=True)
    folder.move()
    assert task.heard() == {"signal": "SIGTSTP"}
    folder.end()
    task.wait()
    settle(folder)
    assert folder.tasks[0]["result"] == "cancelled"
    assert folder.tasks[0]["term_signal"] == signal.SIGKILL


def test_nobody_is_moved_where_nobody_lives(folder, puppets):
    begin(folder, puppets.command)
    puppets.next().end(0)
    settle(folder)
    assert not folder.move()


def test_a_folder_that_an_earlier_release_left_is_read(folder):
    folder.path.mkdir()
    (folder.path / "execution.json").write_text('{"execution": "e", "tasks": 2, "runs": []}')
    told = {"0": {"pid": 4, "result": "failed", "detail": "Exit code 1.", "seconds": 1.5}}
    (folder.path / "state.json").write_text(json.dumps({"tasks": told}))
    assert (folder.exists, folder.is_alive, folder.asked["tasks"]) == (True, False, 2)
    assert folder.tasks == {0: told["0"]}
