"""What may be asked of a job: the fields that its maker sets, with Cloud Run's defaults and limits.

https://cloud.google.com/run/quotas, https://cloud.google.com/run/docs/container-contract
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from common.localcloud.errors import ApiError, invalid
from common.localcloud.rpc import Json
from common.localcloud.run.shapes import check_job

__all__ = ["container_of", "seconds", "settled", "settled_template", "task_count"]

_SET = ("client", "clientVersion", "binaryAuthorization")
_TASKS, _RETRIES, _TIMEOUT = 10_000, 10, 168 * 3600
_VARIABLES, _VALUE = 1000, 32 * 1024
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")
_VARIABLE = re.compile(r"[^=\0]+")
_RESERVED = re.compile(
    r"CLOUD_RUN_(?:JOB|EXECUTION|TASK_INDEX|TASK_COUNT|TASK_ATTEMPT)|PORT"
    r"|K_SERVICE|K_REVISION|K_CONFIGURATION"
)
"""https://cloud.google.com/run/docs/container-contract#jobs-env-vars"""
_LIMITS = {"cpu": "1000m", "memory": "512Mi"}
_ENUMS: dict[str, tuple[str, ...]] = {
    "launchStage": (
        "LAUNCH_STAGE_UNSPECIFIED",
        "EARLY_ACCESS",
        "ALPHA",
        "BETA",
        "GA",
        "DEPRECATED",
        "UNIMPLEMENTED",
        "PRELAUNCH",
    ),
    "executionEnvironment": (
        "EXECUTION_ENVIRONMENT_UNSPECIFIED",
        "EXECUTION_ENVIRONMENT_GEN1",
        "EXECUTION_ENVIRONMENT_GEN2",
    ),
    "egress": ("VPC_EGRESS_UNSPECIFIED", "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"),
}
"""Names by number: Google's REST clients send enums as numbers."""


def settled(job: Json) -> Json:
    """What of a job its maker has set, with defaults. Raises ApiError INVALID_ARGUMENT."""
    check_job(job)
    if token := job.get("startExecutionToken") or job.get("runExecutionToken"):
        told = f"An execution that its job names ({token}) is not started here: call run."
        raise ApiError("UNIMPLEMENTED", told)
    fields = {name: job[name] for name in _SET if job.get(name)}
    stage = _named("launchStage", job.get("launchStage") or "GA")
    template = settled_template(_message(job, "template", "job.template"))
    return {**_labels(job), **fields, "launchStage": stage, "template": template}


def settled_template(template: Json) -> Json:
    """An execution's template, with defaults. Raises ApiError INVALID_ARGUMENT."""
    check_job({"template": template})
    count = task_count(template, 1)
    parallelism = _number(template, "parallelism", 0, low=0, high=_TASKS)
    if parallelism > count:
        raise invalid(
            "job.template.parallelism", f"{parallelism} is more than the {count} tasks there are."
        )
    return {
        **_labels(template),
        **({"parallelism": parallelism} if parallelism else {}),
        "taskCount": count,
        "template": _task(_message(template, "template", "job.template.template")),
    }


def task_count(of: Json, default: int) -> int:
    """How many tasks a template or an override asks for. Raises ApiError INVALID_ARGUMENT."""
    return _number(of, "taskCount", default, low=1, high=_TASKS)


def container_of(template: Json) -> Json:
    """The one container of an execution's template."""
    container: Json = template["template"]["containers"][0]
    return container


def seconds(duration: str) -> float:
    """Of "3600s"."""
    return float(duration.removesuffix("s"))


def _task(task: Json) -> Json:
    containers = task.get("containers")
    if not isinstance(containers, list) or len(containers) != 1:
        raise invalid("job.template.template.containers", "there has to be one.")
    settled = {
        **task,
        "containers": [_container(containers[0])],
        "maxRetries": _number(task, "maxRetries", 3, low=0, high=_RETRIES),
        "timeout": _duration(task.get("timeout") or "600s"),
    }
    if "executionEnvironment" in task:
        name = "executionEnvironment"
        settled[name] = _named(name, task[name])
    if access := task.get("vpcAccess"):
        egress = {"egress": _named("egress", access["egress"])} if "egress" in access else {}
        settled["vpcAccess"] = {**access, **egress}
    return settled


def _container(container: object) -> Json:
    field = "job.template.template.containers[0]"
    if not isinstance(container, dict) or not container.get("image"):
        raise invalid(f"{field}.image", "is required.")
    variables = container.get("env") or []
    if len(variables) > _VARIABLES:
        raise invalid(f"{field}.env", f"there may be {_VARIABLES:,} at most.")
    resources = container.get("resources") or {}
    limits = {**_LIMITS, **(resources.get("limits") or {})}
    settled = {**container, "resources": {**resources, "limits": limits}}
    if variables:
        settled["env"] = [_variable(f"{field}.env", each) for each in variables]
    return settled


def _variable(field: str, variable: Json) -> Json:
    name, value = str(variable.get("name") or ""), str(variable.get("value") or "")
    if not _VARIABLE.fullmatch(name):
        raise invalid(field, f"{name!r} is no name of a variable.")
    if _RESERVED.fullmatch(name):
        raise invalid(field, f"The name {name} is reserved.")
    if len(value.encode()) > _VALUE:
        raise invalid(field, f"{name} has more than {_VALUE:,} bytes.")
    return variable if variable.get("valueSource") else {"name": name, "value": value}


def _labels(outer: Json) -> Json:
    return {name: outer[name] for name in ("labels", "annotations") if outer.get(name)}


def _message(outer: Json, name: str, field: str) -> Json:
    value = outer.get(name)
    if not isinstance(value, dict):
        raise invalid(field, "is required.")
    return value


def _number(outer: Mapping[str, Any], name: str, default: int, *, low: int, high: int) -> int:
    """A whole number; where 0 is too low it is as good as none, as in proto3."""
    field = f"job.template.{name}"
    value = outer.get(name)
    try:
        number = default if value is None or (low and not int(value)) else int(value)
    except (TypeError, ValueError, OverflowError):
        raise invalid(field, f"{value!r:.60} is not a number.") from None
    if not low <= number <= high:
        raise invalid(field, f"{number:,} is not from {low:,} to {high:,}.")
    return number


def _duration(text: object) -> str:
    field = "job.template.template.timeout"
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise invalid(field, f"{text!r} is not a duration, such as 3600s.")
    if not 1 <= float(found[1]) <= _TIMEOUT:
        raise invalid(field, f"{text} is not from 1 to {_TIMEOUT:,} seconds.")
    return str(text)


def _named(enum: str, value: object) -> str:
    names = _ENUMS[enum]
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    if value in names:
        return str(value)
    raise ApiError("INVALID_ARGUMENT", f"{value!r} is no {enum}.")
