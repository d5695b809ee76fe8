"""The service google.longrunning.Operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.localcloud.errors import invalid
from common.localcloud.rpc import EMPTY, Call, Json, Rpc
from common.localcloud.run.spec import seconds
from common.localcloud.run.v2.calls import LOCATION, getter, service

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]

_OPERATION = f"{LOCATION}/operations/*"
_WAIT = 30.0
"""Seconds that one who waits has to, where nothing is said."""


def rpcs(run: CloudRun) -> tuple[Rpc, ...]:
    """Its calls."""

    def listed(call: Call) -> Json:
        size, token = call.number("pageSize"), call.text("pageToken")
        found, token = run.operations.list(call.text("name"), size=size, token=token)
        return {"operations": found, **({"nextPageToken": token} if token else {})}

    def delete(call: Call) -> Json:
        run.operations.delete(call.text("name"))
        return {}

    def wait(call: Call) -> Json:
        timeout = call.text("timeout")
        try:
            patience = seconds(timeout) if timeout else _WAIT
        except ValueError:
            raise invalid("timeout", f"{timeout!r} is not a duration, such as 30s.") from None
        return run.operations.wait(call.text("name"), patience)

    package = "google.longrunning"
    ours = service("Operations", package=package)
    many = f"{package}.ListOperationsResponse"
    return (
        ours(f"GET {{name={LOCATION}}}/operations", "ListOperations", listed, response=many),
        ours(f"GET {{name={_OPERATION}}}", "GetOperation", getter(run.operations.get)),
        ours(f"DELETE {{name={_OPERATION}}}", "DeleteOperation", delete, response=EMPTY),
        ours(f"POST {{name={_OPERATION}}}:wait", "WaitOperation", wait, body="*"),
    )
