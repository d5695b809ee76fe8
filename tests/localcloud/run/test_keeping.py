"""What is known of an execution outlives its server, its folder and whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from common.dispatch.executors import Launch
from common.dispatch.executors.local import LocalExecutor
from common.localcloud.errors import ApiError
from common.localcloud.run.standing import Attempt, Standing, packed, standing, unpacked
from common.localcloud.store import Store
from tests.dispatch.backends import await_unlocked
from tests.localcloud.run.conftest import LOCATION, Served, cloud_run, settings_of

JOB = f"{LOCATION}/jobs/j"


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


@pytest.fixture
def run(tmp_path, ledger):
    return cloud_run(tmp_path, ledger)


def made(run, command, **task):
    containers = [{"image": "ours", "command": command}]
    template = {"containers": containers, **task}
    return run.jobs.create(LOCATION, "j", {"template": {"template": template}})


def folder_of(run, execution):
    return run.engine.folder(execution["name"].rpartition("/")[2])


def settle(run, execution) -> None:
    await_unlocked(folder_of(run, execution).path / "lock")


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


def test_ten_thousand_tasks_fit_into_a_document():
    attempts = [
        Attempt(
            result="failed" if index % 3 else "succeeded",
            started=1_790_000_000.123456 + index / 7,
            ended=1_790_000_001.654321 + index / 3,
            exit_code=index % 256,
            detail=f"Exit code {index % 256}. It last said: number {index} did not work",
            failures=(Attempt(result="failed", started=1.5, exit_code=1),) * (index % 3),
        )
        for index in range(10_000)
    ]
    text = packed(Standing(tasks=tuple(attempts)))
    assert len(text) < 900_000
    kept = unpacked(text).tasks
    assert [it.exit_code for it in kept] == [it.exit_code for it in attempts]
    assert [it.ended for it in kept] == [it.ended for it in attempts]


def test_what_is_packed_is_the_same_unpacked():
    told = Attempt(result="failed", started=1.25, ended=2.5, exit_code=0, detail="ø")
    standing = Standing(tasks=(Attempt(), told, replace(told, failures=(told,), term_signal=9)))
    assert unpacked(packed(standing)) == standing


# --- what a dispatcher on this machine has started


@pytest.fixture
def dispatched(tmp_path, puppets):
    executor = LocalExecutor(settings_of(tmp_path), command=puppets.command, grace=0.2)

    def start(job: str = "j", tasks: int = 1) -> str:
        timeout = timedelta(seconds=60)
        return executor.start(Launch(job=job, execution="ours", tasks=tasks, timeout=timeout))

    return start


def test_what_a_dispatcher_has_started_is_listed_and_found_like_all_others(
    run, dispatched, puppets
):
    made(run, ["true"])
    own = run.jobs.run(JOB)
    settle(run, own)
    name = f"{JOB}/executions/{dispatched(tasks=2)}"
    tasks = [puppets.next()]
    found = run.executions.get(name)
    assert (found["taskCount"], found["job"]) == (2, "j")
    assert "completionTime" not in found
    (container,) = found["template"]["containers"]
    assert container["env"] == [{"name": "RUNJOBS_EXECUTION", "value": "ours"}]
    assert {it["name"] for it in run.executions.list(JOB)[0]} == {name, own["name"]}
    job = run.jobs.get(JOB)
    assert job["executionCount"] == 2
    assert job["latestCreatedExecution"]["name"] == found["name"].rpartition("/")[2]
    tasks.append(puppets.next())
    for task in tasks:
        task.end(0)
    settle(run, found)
    assert run.executions.get(name)["succeededCount"] == 2
    assert len(run.tasks.list(name)[0]) == 2


def test_it_is_listed_under_its_own_job_project_and_region_alone(run, dispatched, puppets):
    template = {"template": {"template": {"containers": [{"image": "ours"}]}}}
    others = [f"{LOCATION}/jobs/j-too", "projects/test/locations/europe-west1/jobs/j"]
    for name in (JOB, *others):
        parent, _, id = name.rpartition("/jobs/")
        run.jobs.create(parent, id, template)
    started = [dispatched(), dispatched("j-too"), dispatched("no-job-here")]
    for _ in started:
        puppets.next().end(0)
    found = [[it["name"] for it in run.executions.list(name)[0]] for name in (JOB, *others)]
    assert found == [
        [f"{JOB}/executions/{started[0]}"],
        [f"{JOB}-too/executions/{started[1]}"],
        [],
    ]


def test_one_that_was_deleted_does_not_come_back(run, dispatched, puppets, tmp_path, ledger):
    made(run, ["true"])
    name = f"{JOB}/executions/{dispatched()}"
    puppets.next().end(0)
    run.executions.delete(name)
    own = run.jobs.run(JOB)
    settle(run, own)
    run.executions.delete(own["name"])
    again = cloud_run(tmp_path, ledger)
    assert again.executions.list(JOB) == ([], "")
    assert folder_of(run, {"name": name}).log(0).exists()


def test_two_servers_adopt_the_same_execution_once(run, dispatched, puppets, tmp_path, ledger):
    made(run, ["true"])
    dispatched()
    puppets.next().end(0)
    for each in (run, cloud_run(tmp_path, ledger)):
        assert len(each.executions.list(JOB)[0]) == 1
        assert each.jobs.get(JOB)["executionCount"] == 1


# --- on each backend, and by many at once


def test_a_job_and_its_executions_are_the_same_on_each_store(tmp_path, documents, puppets):
    run = cloud_run(tmp_path, documents)
    job = made(run, puppets.command, maxRetries=0)
    execution = run.jobs.run(JOB, overrides={"taskCount": 2})
    for code in (0, 1):
        puppets.next().end(code)
    settle(run, execution)
    ended = run.executions.get(execution["name"])
    assert (ended["succeededCount"], ended["failedCount"]) == (1, 1)
    assert run.executions.get(execution["name"]) == ended
    assert run.executions.list(JOB) == ([ended], "")
    assert len(run.tasks.list(execution["name"])[0]) == 2
    updated = run.jobs.update({**job, "labels": {"a": "b"}})
    assert (updated["labels"], updated["executionCount"]) == ({"a": "b"}, 1)
    run.jobs.delete(JOB)
    assert run.jobs.list(LOCATION) == ([], "")


def test_many_may_start_a_job_at_once(run):
    made(run, ["true"])
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: run.jobs.run(JOB), range(24)))
    assert len({it["name"] for it in started}) == 24
    for each in started:
        settle(run, each)
    job = run.jobs.get(JOB)
    assert job["executionCount"] == 24
    newest = max(started, key=lambda it: it["createTime"])
    assert job["latestCreatedExecution"]["createTime"] == newest["createTime"]


def test_what_is_just_being_started_cannot_be_cancelled_yet(run, monkeypatch):
    """Its supervisor could not hear of it; whoever asks is told to ask again."""
    made(run, ["true"])
    monkeypatch.setattr(run.engine, "start", lambda *_: None)
    execution = run.jobs.run(JOB)
    with pytest.raises(ApiError) as refused:
        run.executions.cancel(execution["name"])
    assert refused.value.status == "UNAVAILABLE"
    assert "completionTime" not in run.executions.get(execution["name"])


def test_what_an_earlier_release_left_is_read_with_the_times_that_there_are():
    known = {
        0: {"pid": 1, "result": "failed", "detail": "Exit code 1.", "seconds": 2.0},
        1: {"pid": 2},
    }
    read = standing(3, known, alive=True, at=100.0)
    assert [(it.result, it.started, it.ended) for it in read.tasks] == [
        ("failed", 100.0, 102.0),
        ("", 100.0, None),
        ("", None, None),
    ]
    assert (read.running, read.ended) == (1, False)
    lost = standing(3, known, alive=False, at=100.0)
    assert (lost.count("failed"), lost.ended, lost.finished) == (3, True, 102.0)


def test_an_end_that_is_kept_without_its_tasks_is_shown_as_it_is(run, ledger):
    made(run, ["true"])
    execution = run.jobs.run(JOB, overrides={"taskCount": 2})
    settle(run, execution)
    ended = run.executions.get(execution["name"])
    Store(ledger).change(execution["name"], lambda it: replace(it, data=ended, kept={}))
    assert run.executions.get(execution["name"]) == ended
    assert [it["index"] for it in run.tasks.list(execution["name"])[0]] == [0, 1]
