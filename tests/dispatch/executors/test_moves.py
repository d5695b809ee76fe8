"""Tasks are moved, as Cloud Run does now and then."""

from __future__ import annotations

import signal

from tests.dispatch.executors.supervision import begin, settle


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
