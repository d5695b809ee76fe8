"""Executions as they are kept: what of them does not change, and how they stand."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from common.localcloud.rpc import Json
from common.localcloud.run.conditions import of_execution
from common.localcloud.run.names import ended_id, parent_of, stamp
from common.localcloud.run.standing import Attempt, Standing
from common.localcloud.store import Resource

__all__ = ["AGENDA", "KEPT", "LOOK", "base", "has_ended", "resource", "standing_json"]

AGENDA = "run-executions"
LOOK = timedelta(minutes=1)
"""How long an execution may have ended before that is kept, if nobody looks."""
KEPT = 1000
"""Ended executions of a job: https://cloud.google.com/run/quotas"""
_WAITING = Standing(tasks=(Attempt(),))


def resource(data: Json, created: datetime) -> Resource:
    """A new execution, which is to be looked at."""
    return Resource(
        name=data["name"], data=data, created=created, agenda=AGENDA, due=created + LOOK
    )


def base(name: str, job: Json, template: Json, now: str) -> Json:
    """The JSON of an execution that has just been asked for."""
    told: Json = {it: template[it] for it in ("labels", "annotations") if it in template}
    uid = str(uuid.uuid4())
    count = template["taskCount"]
    return {
        "name": name,
        "uid": uid,
        "generation": "1",
        **told,
        "createTime": now,
        "updateTime": now,
        "launchStage": job.get("launchStage", "GA"),
        "job": ended_id(parent_of(name)),
        "parallelism": template.get("parallelism") or count,
        "taskCount": count,
        "template": template["template"],
        "reconciling": True,
        "conditions": of_execution(ended_id(name), _WAITING, now, cancelled=False),
        "observedGeneration": "1",
        "etag": f'"{uid[:8]}"',
    }


def standing_json(found: Resource, standing: Standing) -> Json:
    """Its JSON, as its tasks stand."""
    cancelled = bool(found.kept.get("cancelled"))
    created = found.data["createTime"]
    data = {
        **found.data,
        **_times(standing),
        "conditions": of_execution(found.id, standing, created, cancelled=cancelled),
        **_counts(standing),
        "logUri": standing.log,
    }
    if standing.ended:
        data["completionTime"] = stamp(standing.finished or found.created)
        data["updateTime"] = data["completionTime"]
        del data["reconciling"]
    return data


def has_ended(data: Json) -> bool:
    """Whether that is known."""
    return "completionTime" in data


def _times(standing: Standing) -> dict[str, str]:
    return {} if standing.started is None else {"startTime": stamp(standing.started)}


def _counts(standing: Standing) -> dict[str, Any]:
    """Those that are not 0, as in JSON of Google's."""
    counts = {
        "runningCount": standing.running,
        "succeededCount": standing.count("succeeded"),
        "failedCount": standing.count("failed"),
        "cancelledCount": standing.count("cancelled"),
        "retriedCount": standing.retried,
    }
    return {name: count for name, count in counts.items() if count}
