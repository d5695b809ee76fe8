"""Containers: what runs, with what environment, on how much of a machine."""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.fields import filled, renamed

__all__ = ["container_of_v1", "container_of_v2"]

_SAME = (
    "name",
    "image",
    "command",
    "args",
    "workingDir",
    "ports",
    "volumeMounts",
    "startupProbe",
    "livenessProbe",
)


def container_of_v2(container: Json) -> Json:
    """In version 1's words."""
    return filled(
        {
            **{name: container[name] for name in _SAME if name in container},
            "env": [_env_of_v2(each) for each in container.get("env", [])],
            "resources": renamed(container.get("resources", {}), [("limits", "limits")]),
        }
    )


def container_of_v1(container: Json) -> Json:
    """In version 2's words."""
    return filled(
        {
            **{name: container[name] for name in _SAME if name in container},
            "env": [_env_of_v1(each) for each in container.get("env", [])],
            "resources": renamed(container.get("resources", {}), [("limits", "limits")]),
        }
    )


def _env_of_v2(env: Json) -> Json:
    if "valueSource" not in env:
        return {"name": env["name"], "value": env.get("value", "")}
    key = env["valueSource"].get("secretKeyRef", {})
    reference = renamed(key, [("secret", "name"), ("version", "key")])
    return {"name": env["name"], "valueFrom": {"secretKeyRef": reference}}


def _env_of_v1(env: Json) -> Json:
    if "valueFrom" not in env:
        return {"name": env.get("name", ""), "value": env.get("value", "")}
    key = env["valueFrom"].get("secretKeyRef", {})
    reference = renamed(key, [("name", "secret"), ("key", "version")])
    return {"name": env.get("name", ""), "valueSource": {"secretKeyRef": reference}}
