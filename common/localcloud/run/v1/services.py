"""Services, which version 1 shows here and does not make: deploy makes the dispatcher by version 2.

https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services
"""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.annotations import job_annotations, task_annotations
from common.localcloud.run.v1.conditions import condition_of_v2
from common.localcloud.run.v1.fields import filled
from common.localcloud.run.v1.metadata import LABELS, metadata, number
from common.localcloud.run.v1.templates import task_spec

__all__ = ["service_of_v2"]

_API = "serving.knative.dev/v1"
_SCALE = "autoscaling.knative.dev/"


def service_of_v2(service: Json) -> Json:
    """In version 1's words."""
    ingress = service.get("ingress", "").removeprefix("INGRESS_TRAFFIC_").lower().replace("_", "-")
    annotations = {**job_annotations(service), f"{LABELS}ingress": ingress}
    return {
        "apiVersion": _API,
        "kind": "Service",
        "metadata": metadata(service, labels={}, annotations=annotations),
        "spec": {
            "template": _template(service.get("template", {})),
            "traffic": [_target(each) for each in service.get("traffic", [])],
        },
        "status": _status(service),
    }


def _template(template: Json) -> Json:
    scaling = template.get("scaling", {})
    annotations = {
        **template.get("annotations", {}),
        **task_annotations(template),
        f"{_SCALE}minScale": str(scaling.get("minInstanceCount") or ""),
        f"{_SCALE}maxScale": str(scaling.get("maxInstanceCount") or ""),
    }
    concurrency = number(template, "maxInstanceRequestConcurrency")
    return {
        "metadata": filled({"labels": template.get("labels"), "annotations": filled(annotations)}),
        "spec": {**task_spec(template), **filled({"containerConcurrency": concurrency or None})},
    }


def _status(service: Json) -> Json:
    conditions = [service.get("terminalCondition"), *service.get("conditions", [])]
    revision = _id(service.get("latestReadyRevision", ""))
    traffic = [_target(each) for each in service.get("trafficStatuses", [])]
    return filled(
        {
            "observedGeneration": number(service, "observedGeneration") or 1,
            "conditions": [condition_of_v2(each) for each in conditions if each],
            "latestReadyRevisionName": revision,
            "latestCreatedRevisionName": _id(service.get("latestCreatedRevision", "")),
            "traffic": [{"revisionName": revision, **each} for each in traffic],
            "url": service.get("uri"),
            "address": filled({"url": service.get("uri")}),
        }
    )


def _target(target: Json) -> Json:
    revision = _id(target.get("revision", ""))
    told = {"revisionName": revision, "percent": target.get("percent"), "tag": target.get("tag")}
    return filled({**told, "latestRevision": None if revision else True})


def _id(name: str) -> str:
    return name.rpartition("/")[2]
