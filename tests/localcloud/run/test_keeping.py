"""What is known of an execution outlives its server, its folder and whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from common.localcloud.errors import ApiError
from common.localcloud.store import Store
from tests.dispatch.backends import await_unlocked
from tests.localcloud.run.conftest import JOB, Served
from tests.localcloud.run.direct import folder_of, made, settle


@contextmanager
def server(home) -> Iterator[Served]:
    """In a process of its own, which is killed when the block ends."""
    argv = [sys.executable, "-m", "tests.localcloud.run.server", str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(argv, **pipes, text=True, start_new_session=True) as process:
        url = process.stdout.readline().strip()
        try:
            yield Served(None, url)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def test_an_execution_goes_on_when_its_server_is_killed_and_is_all_there_afterwards(
    tmp_path, puppet, puppets
):
    with server(tmp_path) as first:
        first.make("j", puppet, tasks=2, parallelism=1, max_retries=1)
        operation = first.jobs.run_job(name=JOB)
        puppets.next().end(9)
        task = puppets.next()
    task.do(print="still here")
    task.end(0)
    last = puppets.next()
    with server(tmp_path) as second:
        found = second.find(operation.metadata)
        assert (found.running_count, found.succeeded_count, found.retried_count) == (1, 1, 1)
        last.end(0)
        name = operation.metadata.name.rpartition("/")[2]
        await_unlocked(tmp_path / "executions" / name / "lock")
        ended = second.find(operation.metadata)
        assert (ended.succeeded_count, ended.completion_time is None) == (2, False)
        assert second.jobs.get_operation({"name": operation.operation.name}).done
        assert second.jobs.get_job(name=JOB).execution_count == 1


def test_an_execution_can_be_cancelled_by_a_server_that_did_not_start_it(tmp_path, puppet, puppets):
    with server(tmp_path) as first:
        first.make("j", puppet)
        execution = first.start("j")
        task = puppets.next()
    with server(tmp_path) as second:
        second.executions.cancel_execution(name=execution.name)
        task.wait()
        name = execution.name.rpartition("/")[2]
        await_unlocked(tmp_path / "executions" / name / "lock")
        assert second.find(execution).cancelled_count == 1


def test_when_its_folder_is_gone_what_was_seen_of_its_end_stays(run):
    made(run, ["sh", "-c", "exit $CLOUD_RUN_TASK_ATTEMPT"], maxRetries=0)
    execution = run.jobs.run(JOB, overrides={"taskCount": 3})
    settle(run, execution)
    seen = run.executions.get(execution["name"])
    tasks, _ = run.tasks.list(execution["name"])
    shutil.rmtree(folder_of(run, execution).path)
    assert run.executions.get(execution["name"]) == seen
    assert run.tasks.list(execution["name"])[0] == tasks
    assert [it["lastAttemptResult"] for it in tasks] == [{"status": {}}] * 3


def test_an_end_that_nobody_saw_is_kept_when_the_local_cloud_looks(run, ledger, monkeypatch):
    made(run, ["true"])
    execution = run.jobs.run(JOB)
    settle(run, execution)
    now = ledger.now() + timedelta(minutes=2)
    monkeypatch.setattr(type(ledger), "now", lambda _: now)
    assert run.turn() > 0
    shutil.rmtree(folder_of(run, execution).path)
    assert run.executions.get(execution["name"])["succeededCount"] == 1


def test_one_that_still_runs_is_looked_at_again(run, ledger, monkeypatch, puppet, puppets):
    made(run, puppet["command"])
    execution = run.jobs.run(JOB)
    task = puppets.next()
    start = ledger.now()
    for minutes in (2, 4, 6):
        if minutes == 6:
            task.end(0)
            settle(run, execution)
        now = start + timedelta(minutes=minutes)
        monkeypatch.setattr(type(ledger), "now", lambda _, now=now: now)
        run.executions.look()
    shutil.rmtree(folder_of(run, execution).path)
    assert run.executions.get(execution["name"])["succeededCount"] == 1


def test_where_the_folder_is_gone_before_anybody_looked_it_has_failed_and_says_why(
    run, ledger, monkeypatch
):
    made(run, ["true"])
    execution = run.jobs.run(JOB, overrides={"taskCount": 2})
    settle(run, execution)
    shutil.rmtree(folder_of(run, execution).path)
    assert "completionTime" not in run.executions.get(execution["name"])  # it may just be starting
    now = ledger.now() + timedelta(minutes=2)
    monkeypatch.setattr(type(ledger), "now", lambda _: now)
    found = run.executions.get(execution["name"])
    assert found["failedCount"] == 2
    assert "folder is gone" in found["conditions"][0]["message"]
    assert run.tasks.list(execution["name"])[0][1]["lastAttemptResult"]["status"]["code"] == 13


def test_a_server_that_dies_between_noting_and_starting_leaves_one_that_failed(
    run, ledger, monkeypatch
):
    made(run, ["true"])

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run.engine, "start", die)
    with pytest.raises(KeyboardInterrupt):
        run.jobs.run(JOB)
    (found,), _ = run.executions.list(JOB)
    assert "completionTime" not in found
    now = ledger.now() + timedelta(minutes=2)
    monkeypatch.setattr(type(ledger), "now", lambda _: now)
    (found,), _ = run.executions.list(JOB)
    assert found["failedCount"] == 1


def test_what_could_not_be_started_is_not_kept(run, monkeypatch):
    made(run, ["true"])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ApiError, match="/nowhere/python"):
        run.jobs.run(JOB)
    assert run.executions.list(JOB) == ([], "")
    assert "executionCount" not in run.jobs.get(JOB)


def test_tasks_that_were_killed_with_their_supervisor_have_failed(run, puppet, puppets):
    made(run, puppet["command"])
    execution = run.jobs.run(JOB)
    task = puppets.next()
    os.kill(task.parent, signal.SIGKILL)
    os.kill(task.pid, signal.SIGKILL)
    task.wait()
    settle(run, execution)
    found = run.executions.get(execution["name"])
    assert found["failedCount"] == 1
    assert "supervisor" in found["conditions"][0]["message"]


def test_an_end_that_is_kept_without_its_tasks_is_shown_as_it_is(run, ledger):
    made(run, ["true"])
    execution = run.jobs.run(JOB, overrides={"taskCount": 2})
    settle(run, execution)
    ended = run.executions.get(execution["name"])
    Store(ledger).change(execution["name"], lambda it: replace(it, data=ended, kept={}))
    assert run.executions.get(execution["name"]) == ended
    assert [it["index"] for it in run.tasks.list(execution["name"])[0]] == [0, 1]
