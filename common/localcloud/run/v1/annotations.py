"""What version 1 says by annotations, and version 2 by fields."""

from __future__ import annotations

import json

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json
from common.localcloud.run.v1.fields import filled, renamed

__all__ = ["job_annotations", "job_fields", "task_annotations", "task_fields"]

_RUN = "run.googleapis.com/"
_EXECUTION = f"{_RUN}execution-environment"
_EGRESS = f"{_RUN}vpc-access-egress"
_CONNECTOR = f"{_RUN}vpc-access-connector"
_NETWORKS = f"{_RUN}network-interfaces"
_STAGE = f"{_RUN}launch-stage"
_TASK = {_EXECUTION, _EGRESS, _CONNECTOR, _NETWORKS}
_JOB = (
    ("client", f"{_RUN}client-name"),
    ("clientVersion", f"{_RUN}client-version"),
    ("launchStage", _STAGE),
)
_TOLD = (("creator", f"{_RUN}creator"), ("lastModifier", f"{_RUN}lastModifier"))
"""Which the API tells, and nobody tells it."""


def job_annotations(job: Json) -> Json:
    """Of a job of version 2, in version 1."""
    told = renamed(job, (*_JOB, *_TOLD))
    if told.get(_STAGE) == "GA":
        del told[_STAGE]
    return {**job.get("annotations", {}), **told}


def job_fields(annotations: Json) -> Json:
    """Of a job of version 1, in version 2: annotations among them."""
    known = {name for _, name in (*_JOB, *_TOLD)}
    fields = renamed(annotations, [(name, field) for field, name in _JOB])
    rest = {name: value for name, value in annotations.items() if name not in known}
    return filled({**fields, "annotations": rest})


def task_annotations(template: Json) -> Json:
    """Of what tasks are like, which version 1 says of the whole execution."""
    environment = template.get("executionEnvironment", "").rpartition("_")[2].lower()
    access = template.get("vpcAccess", {})
    networks = access.get("networkInterfaces")
    return filled(
        {
            _EXECUTION: environment if environment.startswith("gen") else "",
            _CONNECTOR: access.get("connector"),
            _EGRESS: access.get("egress", "").lower().replace("_", "-"),
            _NETWORKS: json.dumps(networks) if networks else "",
        }
    )


def task_fields(annotations: Json) -> tuple[Json, Json]:
    """What of an execution's annotations its tasks have fields for, and the rest of them."""
    environment = annotations.get(_EXECUTION, "").upper()
    fields = filled(
        {
            "executionEnvironment": f"EXECUTION_ENVIRONMENT_{environment}" if environment else "",
            "vpcAccess": _vpc_access(annotations),
        }
    )
    return fields, {name: value for name, value in annotations.items() if name not in _TASK}


def _vpc_access(annotations: Json) -> Json:
    return filled(
        {
            "connector": annotations.get(_CONNECTOR),
            "egress": annotations.get(_EGRESS, "").upper().replace("-", "_"),
            "networkInterfaces": _networks(annotations.get(_NETWORKS, "")),
        }
    )


def _networks(text: str) -> object:
    try:
        return json.loads(text) if text else []
    except ValueError:
        raise invalid(_NETWORKS, "it is not JSON.") from None
