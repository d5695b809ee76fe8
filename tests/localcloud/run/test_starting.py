"""A job is started on each store, and by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from common.localcloud.errors import ApiError
from tests.localcloud.run.conftest import JOB, LOCATION, cloud_run
from tests.localcloud.run.direct import made, settle


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
