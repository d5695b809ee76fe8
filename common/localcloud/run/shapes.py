"""Of what kind each field of a job is."""

from __future__ import annotations

from common.localcloud.kinds import MAP, MESSAGE, TEXT, TEXTS, check
from common.localcloud.rpc import Json

__all__ = ["check_job", "check_overrides"]

_SELECTOR = {"secret": TEXT, "version": TEXT}
_VARIABLE = {"name": TEXT, "value": TEXT, "valueSource": {"secretKeyRef": _SELECTOR}}
_CONTAINER = {
    "name": TEXT,
    "image": TEXT,
    "command": TEXTS,
    "args": TEXTS,
    "env": [_VARIABLE],
    "resources": {"limits": MAP},
    "volumeMounts": [{"name": TEXT, "mountPath": TEXT}],
    "workingDir": TEXT,
    "dependsOn": TEXTS,
}
_TASK = {
    "containers": [_CONTAINER],
    "volumes": [{"name": TEXT}],
    "timeout": TEXT,
    "serviceAccount": TEXT,
    "encryptionKey": TEXT,
    "vpcAccess": {"connector": TEXT},
    "nodeSelector": MESSAGE,
}
_EXECUTION = {"labels": MAP, "annotations": MAP, "template": _TASK}
_JOB = {
    "labels": MAP,
    "annotations": MAP,
    "client": TEXT,
    "clientVersion": TEXT,
    "binaryAuthorization": MESSAGE,
    "template": _EXECUTION,
}
_OVERRIDES = {
    "containerOverrides": [{"name": TEXT, "args": TEXTS, "env": [_VARIABLE]}],
    "timeout": TEXT,
}


def check_job(job: Json) -> None:
    """Raise ApiError INVALID_ARGUMENT for a field of another kind than it has to be."""
    check("job", job, _JOB)


def check_overrides(overrides: Json) -> None:
    """Likewise, for what a start says otherwise."""
    check("overrides", overrides, _OVERRIDES)
