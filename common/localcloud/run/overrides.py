"""What a start may say otherwise than its job: args, variables, task count and timeout."""

from __future__ import annotations

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json
from common.localcloud.run.shapes import check_overrides
from common.localcloud.run.spec import container_of, settled_template, task_count

__all__ = ["overridden"]


def overridden(template: Json, overrides: Json) -> Json:
    """The template of one execution. Raises ApiError INVALID_ARGUMENT."""
    check_overrides(overrides)
    task = dict(template["template"])
    container = container_of(template)
    for each in overrides.get("containerOverrides") or []:
        container = _container(container, each)
    task["containers"] = [container]
    if overrides.get("timeout"):
        task["timeout"] = overrides["timeout"]
    count = task_count(overrides, template["taskCount"])
    changed = {**template, "taskCount": count, "template": task}
    if "parallelism" in template:
        changed["parallelism"] = max(1, min(int(template["parallelism"]), count))
    return settled_template(changed)


def _container(container: Json, override: Json) -> Json:
    name = override.get("name")
    if name and name != container.get("name"):
        raise invalid("overrides.containerOverrides.name", f"there is no container {name}.")
    changed = dict(container)
    if override.get("clearArgs") in (True, "true"):
        changed.pop("args", None)
    if override.get("args"):
        changed["args"] = list(override["args"])
    if override.get("env"):
        changed["env"] = _merged(container.get("env") or [], override["env"])
    return changed


def _merged(before: list[Json], over: list[Json]) -> list[Json]:
    """In their order, those that are new at the end."""
    variables = {each.get("name"): each for each in (*before, *over)}
    return list(variables.values())
