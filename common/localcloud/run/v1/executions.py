"""Executions, and what may be asked to be other than the job says."""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.annotations import task_annotations
from common.localcloud.run.v1.conditions import condition_of_v2
from common.localcloud.run.v1.fields import filled, renamed, span
from common.localcloud.run.v1.jobs import API
from common.localcloud.run.v1.metadata import LABELS, metadata, number
from common.localcloud.run.v1.templates import task_spec

__all__ = ["execution_of_v2", "overrides_of_v1"]

_COUNTS = ("runningCount", "succeededCount", "failedCount", "cancelledCount", "retriedCount")
_TIMES = (("startTime", "startTime"), ("completionTime", "completionTime"), ("logUri", "logUri"))


def execution_of_v2(execution: Json) -> Json:
    """In version 1's words."""
    return {
        "apiVersion": API,
        "kind": "Execution",
        "metadata": _metadata(execution),
        "spec": {
            **_spec_counts(execution),
            "template": {"spec": task_spec(execution.get("template", {}))},
        },
        "status": _status(execution),
    }


def overrides_of_v1(overrides: Json) -> Json:
    """In version 2's words. Containers are overridden by the same ones."""
    names = ("containerOverrides", "taskCount")
    told = renamed(overrides, [(name, name) for name in names])
    if "timeoutSeconds" in overrides:
        told["timeout"] = span("overrides.timeoutSeconds", overrides["timeoutSeconds"])
    return told


def _metadata(execution: Json) -> Json:
    job = execution.get("job", "").rpartition("/")[2]
    labels = {
        f"{LABELS}job": job,
        f"{LABELS}servingState": "" if "completionTime" in execution else "Active",
    }
    annotations = {
        **execution.get("annotations", {}),
        **task_annotations(execution.get("template", {})),
        f"{LABELS}creator": execution.get("creator"),
    }
    owner = {"apiVersion": API, "kind": "Job", "name": job, "controller": True}
    return metadata(execution, labels=labels, annotations=annotations, owner=owner)


def _spec_counts(execution: Json) -> Json:
    return {
        name: number(execution, name) for name in ("parallelism", "taskCount") if name in execution
    }


def _status(execution: Json) -> Json:
    counts = {name: number(execution, name) or None for name in _COUNTS}
    return filled(
        {
            "observedGeneration": number(execution, "observedGeneration") or 1,
            "conditions": [condition_of_v2(each) for each in execution.get("conditions", [])],
            **renamed(execution, _TIMES),
            **counts,
        }
    )
