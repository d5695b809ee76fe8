"""The dispatcher as a service of Cloud Run, which is there only while it is called:
https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
"""

from __future__ import annotations

from typing import Any

from common.deploy.declared import container_env
from common.deploy.deployment import LABELS, Deployment

__all__ = ["queue_json", "service_json"]

Json = dict[str, Any]

_SIGNATURES = {"RUNJOBS_OIDC_SIGNATURES": "by-cloud-run"}
"""Cloud Run, which lets nobody through without a token, takes the signature away."""
_SECONDS = "300s"
"""A sweep after a long night may take minutes."""


def service_json(deployment: Deployment) -> Json:
    """The service. Who calls it needs roles/run.invoker, and a token that it accepts."""
    container = {
        "image": deployment.image,
        "command": ["runjobs"],
        "args": ["serve"],
        "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "cpuIdle": True},
        "env": container_env({**deployment.variables, **_SIGNATURES}),
    }
    template = {
        "containers": [container],
        "serviceAccount": deployment.accounts.dispatcher,
        "timeout": _SECONDS,
        "scaling": {"minInstanceCount": 0, "maxInstanceCount": 4},
        "maxInstanceRequestConcurrency": 40,
    }
    latest = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}
    return {
        "labels": LABELS,
        "ingress": "INGRESS_TRAFFIC_ALL",
        "invokerIamDisabled": False,
        "template": template,
        "traffic": [latest],
    }


def queue_json() -> Json:
    """The queue of Cloud Tasks that carries wake-ups. They are hints: what is tried in vain for
    half an hour a sweep makes good."""
    return {
        "rateLimits": {"maxDispatchesPerSecond": 50, "maxConcurrentDispatches": 20},
        "retryConfig": {
            "maxAttempts": 20,
            "maxRetryDuration": "1800s",
            "minBackoff": "1s",
            "maxBackoff": "300s",
            "maxDoublings": 8,
        },
    }
