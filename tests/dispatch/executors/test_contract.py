"""What holds of every executor."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.dispatch.executors import Counts, Executor, NoSuchExecution
from common.dispatch.executors.cloud_run import CloudRunExecutor
from common.dispatch.executors.local import LocalExecutor
from tests.dispatch.backends import launch


def standing(counts: Counts) -> tuple:
    return (counts.succeeded, counts.failed, counts.cancelled, counts.ended)


def test_an_execution_is_under_way_until_its_task_has_ended_and_then_has_succeeded(backend):
    name = backend.executor.start(launch())
    task = backend.task()
    found = backend.executor.describe("noop", name)
    assert (found.tasks, standing(found), found.detail) == (1, (0, 0, 0, False), "")
    task.end(0)
    backend.settle(name)
    found = backend.executor.describe("noop", name)
    assert (found.tasks, standing(found), found.detail) == (1, (1, 0, 0, True), "")


def test_a_task_that_exits_with_another_code_than_0_has_failed_and_the_platform_says_why(backend):
    name = backend.executor.start(launch())
    backend.task().end(3)
    backend.settle(name)
    found = backend.executor.describe("noop", name)
    assert standing(found) == (0, 1, 0, True)
    assert found.detail


def test_each_task_is_told_who_it_is(backend):
    name = backend.executor.start(launch(3))
    told = []
    for _ in range(3):
        task = backend.task()
        told.append(task.environment)
        task.end(0)
    backend.settle(name)
    assert [
        {key: env[key] for key in env if key.startswith(("CLOUD_RUN_", "RUNJOBS_EXECUTION"))}
        | {"CLOUD_RUN_REGION": ""}
        for env in sorted(told, key=lambda env: env["CLOUD_RUN_TASK_INDEX"])
    ] == [
        {
            "RUNJOBS_EXECUTION": "our-execution",
            "CLOUD_RUN_JOB": "noop",
            "CLOUD_RUN_EXECUTION": name,
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_COUNT": "3",
            "CLOUD_RUN_TASK_ATTEMPT": "0",
            "CLOUD_RUN_REGION": "",
        }
        for index in range(3)
    ]


def test_tasks_of_an_execution_are_counted_by_how_they_ended(backend):
    name = backend.executor.start(launch(3))
    for code in (0, 1, 0):
        found = backend.executor.describe("noop", name)
        assert (found.tasks, found.ended) == (3, False)
        backend.task().end(code)
    backend.settle(name)
    found = backend.executor.describe("noop", name)
    assert (found.tasks, standing(found)) == (3, (2, 1, 0, True))


def test_a_cancelled_execution_ends_its_tasks(backend):
    name = backend.executor.start(launch())
    backend.task()
    backend.executor.cancel("noop", name)
    backend.settle(name)
    assert standing(backend.executor.describe("noop", name)) == (0, 0, 1, True)


def test_cancelling_twice_or_after_the_end_changes_nothing(backend):
    name = backend.executor.start(launch())
    backend.task().end(0)
    backend.settle(name)
    before = backend.executor.describe("noop", name)
    backend.executor.cancel("noop", name)
    backend.executor.cancel("noop", name)
    assert backend.executor.describe("noop", name) == before


def test_executions_have_names_of_their_own(backend):
    names = {backend.executor.start(launch()) for _ in range(5)}
    assert len(names) == 5
    assert all(name.startswith("noop-") for name in names)
    for name in names:
        backend.executor.cancel("noop", name)
        backend.settle(name)
        assert standing(backend.executor.describe("noop", name)) == (0, 0, 1, True)


def test_tasks_that_are_over_are_all_of_them_in_the_end(backend):
    name = backend.executor.start(launch(3))
    tasks = [backend.task() for _ in range(2)]
    assert backend.executor.describe("noop", name).over == frozenset()
    tasks[0].end(1)
    over = backend.executor.describe("noop", name).over
    assert over <= {int(tasks[0].environment["CLOUD_RUN_TASK_INDEX"])}
    tasks[1].end(0)
    backend.task().end(0)
    backend.settle(name)
    assert backend.executor.describe("noop", name).over == {0, 1, 2}


# --- when the answer to a start was lost


def since() -> datetime:
    return datetime.now(UTC)


def named(execution: str, tasks: int = 1):
    return replace(launch(tasks), execution=execution)


def test_an_execution_is_found_by_our_id(backend):
    reserved = since()
    names = {id: backend.executor.start(named(id)) for id in ("first", "second", "third")}
    for id, name in names.items():
        assert backend.executor.find("noop", id, since=reserved) == name
        backend.task().end(0)
    for id, name in names.items():
        backend.settle(name)
        assert backend.executor.find("noop", id, since=reserved) == name


def test_an_execution_whose_start_was_not_answered_is_found_and_is_as_any_other(backend):
    """Started once, found, and to be ended: so no second one need be started."""
    reserved = since()
    for trial in range(3):
        backend.start_unanswered(named(f"lost-{trial}", 2))
        tasks = [backend.task() for _ in range(2)]
        name = backend.executor.find("noop", f"lost-{trial}", since=reserved)
        assert {task.environment["CLOUD_RUN_EXECUTION"] for task in tasks} == {name}
        assert backend.executor.describe("noop", name).tasks == 2
        backend.executor.cancel("noop", name)
        backend.settle(name)
        assert standing(backend.executor.describe("noop", name)) == (0, 0, 2, True)


def test_what_was_not_started_is_not_found_whatever_else_was(backend):
    reserved = since()
    assert backend.executor.find("noop", "ours", since=reserved) is None
    backend.start_unanswered(named("ours-too"))
    for id in ("our", "OURS", "noop", ""):
        assert backend.executor.find("noop", id, since=reserved) is None
    assert backend.executor.find("video-generation", "ours-too", since=reserved) is None
    assert backend.executor.find("no", "ours-too", since=reserved) is None


def test_an_execution_is_found_though_its_clock_is_behind(backend):
    """That of the documents' store, which said when it was reserved, is another."""
    name = backend.executor.start(named("ours"))
    backend.task()
    ahead = since() + timedelta(minutes=3)
    assert backend.executor.find("noop", "ours", since=ahead) == name


def test_tidying_removes_none_that_is_under_way(backend):
    name = backend.executor.start(launch())
    task = backend.task()
    assert backend.executor.tidy(since() + timedelta(days=1)) == 0
    assert not backend.executor.describe("noop", name).ended
    task.end(0)


# --- what is not there


@pytest.mark.parametrize("act", ["describe", "cancel"])
def test_an_execution_that_is_not_there_is_named_in_the_error(backend, act):
    with pytest.raises(NoSuchExecution, match="noop-nowhere"):
        getattr(backend.executor, act)("noop", "noop-nowhere")


def test_checking_starts_nothing(backend, tmp_path):
    backend.executor.check()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [LocalExecutor, CloudRunExecutor])
def test_backends_have_the_signatures_of_the_seam(kind):
    seam = dict(inspect.getmembers(Executor, inspect.isfunction))
    for name, method in seam.items():
        assert inspect.signature(getattr(kind, name)) == inspect.signature(method), name
