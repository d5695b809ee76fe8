"""How tasks on this machine end, and what is recorded of it."""

from __future__ import annotations

import os
import signal

import pytest

from common.dispatch.executors.local import LocalExecutor
from common.dispatch.executors.supervisor import Asked, Task
from tests.dispatch.backends import launch, local, settings
from tests.dispatch.executors.laptops import described, tasks_of, told
from tests.dispatch.puppets import stage

# --- how a task ends


@pytest.mark.parametrize("code", [1, 2, 143, 255])
def test_the_exit_code_is_recorded_with_the_last_words(laptop, code):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(print="first\nlast words\n\n")
    task.end(code)
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["exit_code"], ended["term_signal"]) == (code, None)
    assert described(laptop, name).detail == f"Exit code {code}. It last said: last words"


def test_a_task_that_is_killed_has_failed_by_signal_9(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    os.kill(tasks_of(laptop, name)["0"]["pid"], signal.SIGKILL)
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["exit_code"], ended["term_signal"]) == (None, 9)
    assert described(laptop, name).failed == 1
    assert described(laptop, name).detail.startswith("Terminated by signal 9.")


def test_at_its_timeout_a_task_gets_sigterm(laptop):
    name = laptop.executor.start(launch(timeout=0.2))
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("failed", signal.SIGTERM)
    assert ended["detail"].startswith("The configured timeout was reached.")


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="else its end cannot be waited for unseen")
def test_a_task_that_ended_in_time_has_not_timed_out_however_late_that_is_seen(tmp_path):
    """As when a laptop wakes up."""
    with (tmp_path / "lock").open("w") as lock, stage() as puppets:
        numbers = [str(lock.fileno()), "0", "1", "1", "0", "0", "0"]
        task = Task(0, Asked([str(tmp_path), *numbers, *puppets.command]))
        puppets.next().end(0)
        os.waitid(os.P_PID, task.pid, os.WEXITED | os.WNOWAIT)
    assert task.has_ended()
    assert task.result()["result"] == "succeeded"


def test_a_task_that_endures_sigterm_is_killed_when_its_grace_is_over(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(endure=True)
    laptop.executor.cancel("noop", name)
    assert task.heard() == {"endured": True}
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("cancelled", signal.SIGKILL)


def test_at_its_timeout_too_a_task_is_killed_when_its_grace_is_over(laptop):
    name = laptop.executor.start(launch(timeout=2.0))
    task = laptop.task()
    task.do(endure=True)
    assert task.heard() == {"endured": True}
    task.wait()
    laptop.settle(name)
    ended = tasks_of(laptop, name)["0"]
    assert (ended["result"], ended["term_signal"]) == ("failed", signal.SIGKILL)


def test_within_its_grace_a_task_may_end_by_itself(tmp_path):
    with local(tmp_path, grace=60.0) as laptop:
        name = laptop.executor.start(launch())
        task = laptop.task()
        task.do(endure=True)
        laptop.executor.cancel("noop", name)
        assert task.heard() == {"endured": True}
        task.do(print="tidied up")
        task.end(0)
        laptop.settle(name)
        ended = tasks_of(laptop, name)["0"]
        assert (ended["result"], ended["exit_code"]) == ("cancelled", 0)


def test_the_grace_is_that_of_cloud_run(tmp_path):
    asked = told(LocalExecutor(settings(tmp_path)), launch())
    assert (asked.timeout, asked.grace, asked.retries) == (60.0, 10.0, 0)


def test_what_a_task_has_started_ends_with_it(laptop):
    name = laptop.executor.start(launch())
    task = laptop.task()
    task.do(spawn=laptop.puppets.port)
    child = laptop.puppets.next()
    task.end(0)
    child.wait()
    laptop.settle(name)
    assert described(laptop, name).succeeded == 1


# --- cancelling


def test_cancelling_at_once_is_not_lost(laptop):
    """The supervisor may not even have begun to run."""
    for _ in range(10):
        name = laptop.executor.start(launch())
        laptop.executor.cancel("noop", name)
        laptop.settle(name)
        found = described(laptop, name)
        assert (found.cancelled, found.ended) == (1, True)


def test_tasks_that_wait_for_a_slot_when_all_is_cancelled_never_begin(narrow):
    name = narrow.executor.start(launch(3))
    narrow.task()
    narrow.executor.cancel("noop", name)
    narrow.settle(name)
    assert described(narrow, name).cancelled == 3
    assert narrow.puppets.none_waits()
    assert [path.name for path in narrow.folder(name).glob("task-*")] == ["task-0.log"]


def test_a_result_from_before_the_cancellation_stays(narrow):
    name = narrow.executor.start(launch(2))
    narrow.task().end(0)
    narrow.task()
    narrow.executor.cancel("noop", name)
    narrow.settle(name)
    found = described(narrow, name)
    assert (found.succeeded, found.cancelled, found.ended) == (1, 1, True)
