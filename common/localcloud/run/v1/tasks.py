"""Tasks."""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.annotations import task_annotations
from common.localcloud.run.v1.conditions import condition_of_v2
from common.localcloud.run.v1.fields import filled, renamed
from common.localcloud.run.v1.jobs import API
from common.localcloud.run.v1.metadata import LABELS, metadata, number
from common.localcloud.run.v1.templates import task_spec

__all__ = ["task_of_v2"]

_TIMES = (("startTime", "startTime"), ("completionTime", "completionTime"), ("logUri", "logUri"))


def task_of_v2(task: Json) -> Json:
    """In version 1's words."""
    return {
        "apiVersion": API,
        "kind": "Task",
        "metadata": _metadata(task),
        "spec": task_spec(task),
        "status": _status(task),
    }


def _metadata(task: Json) -> Json:
    execution = task.get("execution", "").rpartition("/")[2]
    labels = {
        f"{LABELS}job": task.get("job", "").rpartition("/")[2],
        f"{LABELS}execution": execution,
        f"{LABELS}taskIndex": str(number(task, "index")),
        f"{LABELS}runningState": _state(task),
    }
    annotations = {**task.get("annotations", {}), **task_annotations(task)}
    owner = {"apiVersion": API, "kind": "Execution", "name": execution, "controller": True}
    return metadata(task, labels=labels, annotations=annotations, owner=owner)


def _state(task: Json) -> str:
    completed: Json = next(
        (each for each in task.get("conditions", []) if each.get("type") == "Completed"), {}
    )
    state = completed.get("state")
    if state == "CONDITION_SUCCEEDED":
        return "Succeeded"
    if state == "CONDITION_FAILED":
        return "Cancelled" if completed.get("executionReason") == "CANCELLED" else "Failed"
    return "Running" if "startTime" in task else "Pending"


def _status(task: Json) -> Json:
    told = filled(
        {
            "observedGeneration": number(task, "observedGeneration") or 1,
            "conditions": [condition_of_v2(each) for each in task.get("conditions", [])],
            **renamed(task, _TIMES),
            "lastAttemptResult": task.get("lastAttemptResult"),
            "retried": number(task, "retried") or None,
        }
    )
    return {**told, "index": number(task, "index")}
