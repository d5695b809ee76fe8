"""What the calls of API v2 have in common."""

from __future__ import annotations

from collections.abc import Callable

from common.localcloud.making import service_calls
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.paging import Listed

__all__ = ["EXECUTION", "JOB", "LOCATION", "PACKAGE", "TASK", "getter", "lister", "service"]

PACKAGE = "google.cloud.run.v2"
LOCATION = "projects/*/locations/*"
JOB = f"{LOCATION}/jobs/*"
EXECUTION = f"{JOB}/executions/*"
TASK = f"{EXECUTION}/tasks/*"


def service(name: str, *, package: str = PACKAGE) -> Callable[..., Rpc]:
    """Makes the calls of a service."""
    return service_calls(f"{package}.{name}", at="/v2")


def getter(get: Callable[[str], Json]) -> Callable[[Call], Json]:
    """Answers with the one that is named."""
    return lambda call: get(call.text("name"))


def lister(field: str, listed: Callable[..., Listed]) -> Callable[[Call], Json]:
    """Answers with a page of them."""

    def answer(call: Call) -> Json:
        size, token = call.number("pageSize"), call.text("pageToken")
        found, token = listed(call.text("parent"), size=size, token=token)
        return {field: found, **({"nextPageToken": token} if token else {})}

    return answer
