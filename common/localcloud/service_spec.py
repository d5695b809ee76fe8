"""What a service of Cloud Run says of itself once its maker has said what he will."""

from __future__ import annotations

from common.localcloud.errors import invalid
from common.localcloud.kinds import MAP, NUMBER, TEXT, check
from common.localcloud.rpc import Json
from common.localcloud.values import named

__all__ = ["settled"]

_SET = (
    *("description", "labels", "annotations", "client", "clientVersion", "launchStage", "ingress"),
    *("binaryAuthorization", "template", "traffic", "scaling", "invokerIamDisabled"),
    *("defaultUriDisabled", "customAudiences", "iapEnabled"),
)
"""What is its maker's to say; all else is told by Cloud Run."""
_KINDS = {
    **dict.fromkeys(("description", "client", "clientVersion"), TEXT),
    **dict.fromkeys(("labels", "annotations"), MAP),
    "template": {
        "containers": [{"image": TEXT, "resources": {"limits": MAP}}],
        "scaling": {"minInstanceCount": NUMBER, "maxInstanceCount": NUMBER},
    },
    "traffic": [{"percent": NUMBER}],
}
_INGRESS = tuple(
    f"INGRESS_TRAFFIC_{it}"
    for it in ("UNSPECIFIED", "ALL", "INTERNAL_ONLY", "INTERNAL_LOAD_BALANCER", "NONE")
)
_TRAFFIC = tuple(
    f"TRAFFIC_TARGET_ALLOCATION_TYPE_{it}" for it in ("UNSPECIFIED", "LATEST", "REVISION")
)
_STAGES = (
    *("LAUNCH_STAGE_UNSPECIFIED", "EARLY_ACCESS", "ALPHA", "BETA", "GA", "DEPRECATED"),
    *("UNIMPLEMENTED", "PRELAUNCH"),
)


def settled(service: Json) -> Json:
    """What its maker set, with Cloud Run's defaults where nothing is said."""
    check("service", service, _KINDS)
    said = {field: service[field] for field in _SET if field in service}
    template = said.get("template") or {}
    containers = template.get("containers") or []
    if not containers or not all(it.get("image") for it in containers):
        raise invalid("service.template.containers", "each needs an image.")
    latest = {"type": _TRAFFIC[1], "percent": 100}
    settled = {
        "timeout": "300s",
        "maxInstanceRequestConcurrency": 80,
        **template,
        "scaling": {"maxInstanceCount": 100, **(template.get("scaling") or {})},
        "containers": [_container(each) for each in containers],
    }
    traffic = said.get("traffic") or [latest]
    enums = {
        "ingress": named({"ingress": _INGRESS[1], **said}, "ingress", _INGRESS),
        "launchStage": named({"launchStage": "GA", **said}, "launchStage", _STAGES),
    }
    return {**said, **enums, "traffic": [*map(_target, traffic)], "template": settled}


def _target(said: Json) -> Json:
    return {**said, "type": named(said, "type", _TRAFFIC)}


def _container(said: Json) -> Json:
    resources = said.get("resources") or {}
    limits = {"cpu": "1", "memory": "512Mi", **(resources.get("limits") or {})}
    return {
        "ports": [{"name": "http1", "containerPort": 8080}],
        **said,
        "resources": {"startupCpuBoost": True, **resources, "limits": limits},
    }
