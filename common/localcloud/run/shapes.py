"""Of what kind each field of a job is, so that what is kept can be read by whoever asks for it."""

from __future__ import annotations

from typing import Any

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json

__all__ = ["check_job", "check_overrides", "check_text"]

TEXT, TEXTS, MAP, MESSAGE = "text", "a list of texts", "texts by name", "an object"

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
    _check("job", job, _JOB)


def check_overrides(overrides: Json) -> None:
    """Likewise, for what a start says otherwise."""
    _check("overrides", overrides, _OVERRIDES)


def check_text(field: str, value: object) -> None:
    """Raise ApiError INVALID_ARGUMENT for what is no text, or none that a process can be given."""
    if not isinstance(value, str) or any(it == "\0" or "\ud800" <= it <= "\udfff" for it in value):
        raise invalid(field, f"{value!r:.60} is not {TEXT}.")


def _check(field: str, value: object, kind: Any) -> None:
    if value is None:
        return
    if kind == TEXT:
        check_text(field, value)
    elif kind == TEXTS or isinstance(kind, list):
        _check_list(field, value, TEXT if kind == TEXTS else kind[0])
    else:
        _check_object(field, value, kind)


def _check_list(field: str, value: object, kind: Any) -> None:
    if not isinstance(value, list) or None in value:
        raise invalid(field, f"{value!r:.60} is not a list of what it should have.")
    for index, each in enumerate(value):
        _check(f"{field}[{index}]", each, kind)


def _check_object(field: str, value: object, kind: Any) -> None:
    if not isinstance(value, dict):
        raise invalid(field, f"{value!r:.60} is not an object.")
    if kind == MAP:
        for name, text in value.items():
            check_text(f"{field}.{name}"[:80], text)
    elif kind != MESSAGE:
        for name, of in kind.items():
            _check(f"{field}.{name}", value.get(name), of)
