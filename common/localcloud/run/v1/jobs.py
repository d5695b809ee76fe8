"""Jobs."""

from __future__ import annotations

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json
from common.localcloud.run.v1.annotations import job_annotations, job_fields
from common.localcloud.run.v1.conditions import condition_of_v2
from common.localcloud.run.v1.fields import filled, renamed
from common.localcloud.run.v1.metadata import LABELS, etag, metadata, number, own_labels
from common.localcloud.run.v1.templates import (
    execution_template_of_v1,
    execution_template_of_v2,
)

__all__ = ["API", "job_of_v1", "job_of_v2"]

API = "run.googleapis.com/v1"
_UPDATED = f"{LABELS}lastUpdatedTime"
_LATEST = (
    ("createTime", "creationTimestamp"),
    ("completionTime", "completionTimestamp"),
    ("deleteTime", "deletionTimestamp"),
    ("completionStatus", "completionStatus"),
)


def job_of_v2(job: Json) -> Json:
    """In version 1's words."""
    labels = {_UPDATED: job.get("updateTime")}
    return {
        "apiVersion": API,
        "kind": "Job",
        "metadata": metadata(job, labels=labels, annotations=job_annotations(job)),
        "spec": {"template": execution_template_of_v2(job.get("template", {}))},
        "status": _status(job),
    }


def job_of_v1(job: Json, *, project: str, region: str) -> Json:
    """In version 2's words. Raises ApiError."""
    meta, spec = job.get("metadata") or {}, job.get("spec") or {}
    if not meta.get("name"):
        raise invalid("metadata.name", "it is missing.")
    if not spec.get("template"):
        raise invalid("spec.template", "it is missing.")
    return filled(
        {
            "name": f"projects/{project}/locations/{region}/jobs/{meta['name']}",
            "labels": own_labels(meta.get("labels", {})),
            **job_fields(meta.get("annotations", {})),
            "template": execution_template_of_v1(spec["template"]),
            "etag": etag(meta),
        }
    )


def _status(job: Json) -> Json:
    conditions = [job.get("terminalCondition"), *job.get("conditions", [])]
    return filled(
        {
            "observedGeneration": number(job, "observedGeneration") or 1,
            "conditions": [condition_of_v2(each) for each in conditions if each],
            "executionCount": number(job, "executionCount") or None,
            "latestCreatedExecution": _latest(job.get("latestCreatedExecution", {})),
        }
    )


def _latest(execution: Json) -> Json:
    if not execution:
        return {}
    # Version 2 names it in full, or by its last part alone.
    id = execution["name"].rpartition("/")[2]
    return {"name": id, **renamed(execution, _LATEST)}
