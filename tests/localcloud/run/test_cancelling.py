"""Executions are cancelled, deleted and moved."""

from __future__ import annotations

import httpx
import pytest
from google.api_core import exceptions

from tests.localcloud.run.conftest import JOB
from tests.localcloud.run.seen import completed, counts


def test_a_cancelled_execution_says_so_and_its_operation_tells_no_error(served, puppet, puppets):
    served.make("j", puppet, tasks=3, parallelism=1)
    operation = served.jobs.run_job(name=JOB)
    task = puppets.next()
    cancelling = served.executions.cancel_execution(name=operation.metadata.name)
    task.wait()
    ended = served.settle(operation.metadata)
    assert counts(ended) == (0, 0, 0, 3, 0)
    assert completed(ended).state.name == "CONDITION_FAILED"
    assert completed(ended).execution_reason.name == "CANCELLED"
    assert cancelling.result() == ended
    assert operation.result() == ended
    assert served.jobs.get_job(name=JOB).latest_created_execution.completion_status.name == (
        "EXECUTION_CANCELLED"
    )


def test_while_it_is_being_cancelled_it_says_so(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    task.do(endure=True)
    served.executions.cancel_execution(name=execution.name)
    assert task.heard() == {"endured": True}
    found = served.run.executions.get(execution.name)
    if "completionTime" not in found:  # else its grace was over before we looked
        assert found["conditions"][0]["executionReason"] == "CANCELLING"
    task.wait()
    assert counts(served.settle(execution)) == (0, 0, 0, 1, 0)


def test_what_has_ended_cannot_be_cancelled(served):
    served.make("j", {"command": ["true"]})
    execution = served.settle(served.start("j"))
    with pytest.raises(exceptions.BadRequest, match="has ended"):
        served.executions.cancel_execution(name=execution.name)
    assert served.find(execution) == execution


@pytest.mark.parametrize("act", ["get_execution", "cancel_execution", "delete_execution"])
def test_an_execution_that_is_not_there_is_named(served, act):
    served.make("j", {})
    with pytest.raises(exceptions.NotFound, match="'j-1' of kind 'EXECUTION'"):
        getattr(served.executions, act)(name=f"{JOB}/executions/j-1")


@pytest.mark.parametrize("task", ["j-1-task0", "EXECUTION-task1", "EXECUTION-task", "task0"])
def test_a_task_that_is_not_there_is_named(served, task):
    served.make("j", {"command": ["true"]})
    execution = served.settle(served.start("j"))
    task = task.replace("EXECUTION", execution.name.rpartition("/")[2])
    with pytest.raises(exceptions.NotFound, match=f"'{task}' of kind 'TASK'"):
        served.tasks.get_task(name=f"{execution.name}/tasks/{task}")


def test_a_deleted_execution_is_gone_and_its_tasks_end(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    assert served.executions.delete_execution(name=execution.name).result().delete_time
    task.wait()
    assert list(served.executions.list_executions(parent=JOB)) == []
    with pytest.raises(exceptions.NotFound):
        served.find(execution)
    assert served.jobs.get_job(name=JOB).execution_count == 1


def test_an_execution_is_moved_when_somebody_asks(served, puppet, puppets):
    served.make("j", puppet)
    execution = served.start("j")
    task = puppets.next()
    task.do(notice=True)
    move = f"{served.url}/local/v1/{execution.name}:migrate"
    assert httpx.post(move).json()["name"] == execution.name
    assert [task.heard()["signal"] for _ in range(2)] == ["SIGTSTP", "SIGCONT"]
    task.end(0)
    served.settle(execution)
    assert httpx.post(move).json()["error"]["status"] == "FAILED_PRECONDITION"
