"""A queue's fields: what they are where nothing is said, and within what bounds.

https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues
"""

from __future__ import annotations

import math
import re

from common.localcloud.errors import invalid
from common.localcloud.kinds import MESSAGE, check
from common.localcloud.retrying import Retry
from common.localcloud.rpc import Json
from common.localcloud.values import decimal, duration, seconds, whole

__all__ = ["check_queue_name", "queue_fields", "retry_fields", "retry_of"]

_NAME = re.compile(r"projects/[^/]+/locations/[^/]+/queues/([^/]*)")
_ID = re.compile(r"[A-Za-z0-9-]{1,100}")
_RATE = 500
_CONCURRENT = 5000
_BURST = (10, 100)
"""Google chooses a burst by the rate, and does not say how: here it is the rate within these."""
_MESSAGES = ("rateLimits", "retryConfig", "stackdriverLoggingConfig")
_FOREIGN = {
    "appEngineRoutingOverride": "App Engine is no part of the local cloud.",
    "httpTarget": "targets of a whole queue are no part of the local cloud: say it in each task.",
}


def check_queue_name(name: str) -> None:
    """Raises ApiError INVALID_ARGUMENT."""
    found = _NAME.fullmatch(name)
    if not found or not _ID.fullmatch(found[1]):
        raise invalid(
            "queue.name",
            f"{name!r} is not projects/PROJECT/locations/LOCATION/queues/QUEUE with a QUEUE of at "
            "most 100 letters, digits and hyphens.",
        )


def queue_fields(data: Json) -> Json:
    """What a user says of a queue, with defaults. Raises ApiError INVALID_ARGUMENT."""
    for name, problem in _FOREIGN.items():
        if data.get(name):
            raise invalid(f"queue.{name}", problem)
    check("queue", data, dict.fromkeys(_MESSAGES, MESSAGE))
    found: Json = {
        "rateLimits": _rate_limits(data.get("rateLimits") or {}),
        "retryConfig": retry_fields(data.get("retryConfig") or {}),
    }
    if logging := data.get("stackdriverLoggingConfig"):
        found["stackdriverLoggingConfig"] = {"samplingRatio": decimal(logging, "samplingRatio")}
    return found


def _rate_limits(data: Json) -> Json:
    rate = decimal(data, "maxDispatchesPerSecond") or float(_RATE)
    if not 0 < rate <= _RATE:
        raise invalid("rateLimits.maxDispatchesPerSecond", f"{rate} is not above 0 and up to 500.")
    concurrent = whole(data, "maxConcurrentDispatches") or 1000
    if not 0 < concurrent <= _CONCURRENT:
        raise invalid("rateLimits.maxConcurrentDispatches", f"{concurrent} is not 1 to 5,000.")
    return {
        "maxDispatchesPerSecond": rate,
        "maxBurstSize": max(_BURST[0], min(_BURST[1], math.ceil(rate))),
        "maxConcurrentDispatches": concurrent,
    }


def retry_fields(data: Json, default: Json | None = None) -> Json:
    """How it is tried again: what is not said is as in `default`, or Google's own."""
    default = default or {}
    said = {**default, **{name: value for name, value in data.items() if value not in (0, None)}}
    attempts = whole(said, "maxAttempts") or 100
    if attempts < -1:
        raise invalid("retryConfig.maxAttempts", f"{attempts} is below -1, which is any number.")
    least, most = seconds(said, "minBackoff", 0.1), seconds(said, "maxBackoff", 3600)
    doublings, longest = whole(said, "maxDoublings", 16), seconds(said, "maxRetryDuration")
    if min(least, most, longest, doublings) < 0:
        raise invalid("retryConfig", "nothing in it can be below 0, but maxAttempts.")
    if least > most:
        raise invalid("retryConfig.minBackoff", "it is longer than maxBackoff.")
    return {
        "maxAttempts": attempts,
        **({"maxRetryDuration": duration(longest)} if longest else {}),
        "minBackoff": duration(least),
        "maxBackoff": duration(most),
        "maxDoublings": doublings,
    }


def retry_of(fields: Json) -> Retry:
    """What a complete retryConfig says."""
    return Retry(
        attempts=fields["maxAttempts"],
        duration=seconds(fields, "maxRetryDuration"),
        least=seconds(fields, "minBackoff"),
        most=seconds(fields, "maxBackoff"),
        doublings=fields["maxDoublings"],
    )
