"""Tasks: what an execution consists of, as JSON of google.cloud.run.v2.Task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from common.ids import derived_id
from common.localcloud.rpc import Json
from common.localcloud.run.conditions import of_attempt, status
from common.localcloud.run.executions import Executions
from common.localcloud.run.names import ended_id, missing, parent_of, stamp
from common.localcloud.run.paging import Listed, paged
from common.localcloud.run.standing import Attempt

__all__ = ["Tasks"]


class Tasks:
    """The tasks of all executions. They are made as somebody asks."""

    def __init__(self, executions: Executions) -> None:
        self._executions = executions

    def get(self, name: str) -> Json:
        """As it stands. Raises ApiError NOT_FOUND."""
        execution, standing = self._executions.standing(parent_of(name))
        prefix, _, index = ended_id(name).rpartition("-task")
        known = index.isdigit() and int(index) < execution["taskCount"]
        if not known or prefix != ended_id(execution["name"]):
            raise missing("TASK", name)
        return _task(execution, int(index), _nth(standing.tasks, int(index)))

    def list(self, execution: str, *, size: int = 0, token: str = "") -> Listed:
        """A page of an execution's tasks, and what asks for the next.

        "-" as the execution is for all of a job, and as the job too for those of all jobs.
        """
        found = [it for name in self._names(execution) for it in self._of(name)]
        return paged(found, size=size, token=token)

    def _names(self, execution: str) -> Iterator[str]:
        if ended_id(execution) != "-":
            yield execution
            return
        token, more = "", True
        while more:
            page, token = self._executions.list(parent_of(execution), size=1000, token=token)
            yield from (each["name"] for each in page)
            more = bool(token)

    def _of(self, name: str) -> Sequence[Json]:
        execution, standing = self._executions.standing(name)
        count = range(execution["taskCount"])
        return [_task(execution, index, _nth(standing.tasks, index)) for index in count]


def _nth(tasks: tuple[Attempt, ...], index: int) -> Attempt:
    return tasks[index] if index < len(tasks) else Attempt()


def _task(execution: Json, index: int, attempt: Attempt) -> Json:
    name = f"{execution['name']}/tasks/{ended_id(execution['name'])}-task{index}"
    uid = derived_id("task", execution["uid"], str(index))
    told = {it: execution[it] for it in ("labels", "annotations", "logUri") if it in execution}
    return {
        "name": name,
        "uid": uid,
        "generation": "1",
        **told,
        "createTime": execution["createTime"],
        "scheduledTime": execution["createTime"],
        "updateTime": execution["updateTime"],
        **_times(attempt),
        "job": execution["job"],
        "execution": ended_id(execution["name"]),
        **execution["template"],
        **({} if attempt.result else {"reconciling": True}),
        "conditions": of_attempt(attempt, execution["createTime"]),
        "observedGeneration": "1",
        "index": index,
        "retried": len(attempt.failures),
        **_last(attempt),
        "etag": f'"{uid[:8]}"',
    }


def _times(attempt: Attempt) -> dict[str, str]:
    times = {"startTime": attempt.begun, "completionTime": attempt.ended}
    return {name: stamp(moment) for name, moment in times.items() if moment is not None}


def _last(attempt: Attempt) -> dict[str, Any]:
    """The last result there is: while it is tried again, that of the attempt before."""
    last = attempt if attempt.result else next(reversed(attempt.failures), None)
    if last is None or (last.result == "cancelled" and last.started is None):
        return {}
    ended: dict[str, Any] = {"status": status(last)}
    if last.term_signal:
        ended["termSignal"] = last.term_signal
    elif last.exit_code:
        ended["exitCode"] = last.exit_code
    return {"lastAttemptResult": ended}
