"""What tasks are like, and an execution of them."""

from __future__ import annotations

from common.localcloud.rpc import Json
from common.localcloud.run.v1.annotations import task_annotations, task_fields
from common.localcloud.run.v1.containers import container_of_v1, container_of_v2
from common.localcloud.run.v1.fields import filled, renamed, seconds, span
from common.localcloud.run.v1.metadata import own_labels
from common.localcloud.run.v1.volumes import volume_of_v1, volume_of_v2

__all__ = ["execution_template_of_v1", "execution_template_of_v2", "task_spec"]

_COUNTS = (("parallelism", "parallelism"), ("taskCount", "taskCount"))
_RETRIES = ("maxRetries", "maxRetries")
_ACCELERATOR = "run.googleapis.com/accelerator"


def execution_template_of_v2(template: Json) -> Json:
    """In version 1's words."""
    task = template.get("template", {})
    annotations = {**template.get("annotations", {}), **task_annotations(task)}
    metadata = filled({"labels": template.get("labels"), "annotations": annotations})
    spec = {**renamed(template, _COUNTS), "template": {"spec": task_spec(task)}}
    return {"metadata": metadata, "spec": spec}


def execution_template_of_v1(template: Json) -> Json:
    """In version 2's words."""
    metadata, spec = template.get("metadata", {}), template.get("spec", {})
    fields, annotations = task_fields(metadata.get("annotations", {}))
    task = _task_template(spec.get("template", {}).get("spec", {}))
    return filled(
        {
            "labels": own_labels(metadata.get("labels", {})),
            "annotations": annotations,
            **renamed(spec, _COUNTS),
            "template": {**task, **fields},
        }
    )


def task_spec(template: Json) -> Json:
    """What a task of version 2 is like, in version 1's words."""
    spec = filled(
        {
            "containers": [container_of_v2(each) for each in template.get("containers", [])],
            "volumes": [volume_of_v2(each) for each in template.get("volumes", [])],
            "serviceAccountName": template.get("serviceAccount"),
            "nodeSelector": renamed(
                template.get("nodeSelector", {}), [("accelerator", _ACCELERATOR)]
            ),
        }
    )
    if "timeout" in template:
        spec["timeoutSeconds"] = seconds(template["timeout"])
    return {**spec, **renamed(template, [_RETRIES])}


def _task_template(spec: Json) -> Json:
    template = filled(
        {
            "containers": [container_of_v1(each) for each in spec.get("containers", [])],
            "volumes": [volume_of_v1(each) for each in spec.get("volumes", [])],
            "serviceAccount": spec.get("serviceAccountName"),
            "nodeSelector": renamed(spec.get("nodeSelector", {}), [(_ACCELERATOR, "accelerator")]),
        }
    )
    if "timeoutSeconds" in spec:
        template["timeout"] = span("timeoutSeconds", spec["timeoutSeconds"])
    return {**template, **renamed(spec, [_RETRIES])}
