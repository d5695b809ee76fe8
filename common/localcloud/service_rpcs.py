"""The calls of google.cloud.run.v2.Services: https://cloud.google.com/run/docs/reference/rpc/google.cloud.run.v2#services"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from common.localcloud.making import service_calls
from common.localcloud.masks import paths
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.services import Services

__all__ = ["rpcs"]

_LOCATION = "projects/*/locations/*"
_SERVICE = f"{_LOCATION}/services/*"
_PACKAGE = "google.cloud.run.v2"
_rpc = service_calls(f"{_PACKAGE}.Services", at="/v2")
_TYPE = f"type.googleapis.com/{_PACKAGE}.Service"


def rpcs(services: Services) -> tuple[Rpc, ...]:
    """All of them."""
    return (*_changes(services), *_looks(services), *_policies(services))


def _changes(services: Services) -> tuple[Rpc, ...]:
    def create(call: Call) -> Json:
        parent, id = call.text("parent"), call.text("serviceId")
        dry = call.flag("validateOnly")
        return _done(services.create(parent, id, call.message("service"), validate_only=dry))

    def update(call: Call) -> Json:
        mask, dry = paths(call.fields.get("updateMask")), call.flag("validateOnly")
        return _done(services.update(call.message("service"), mask, validate_only=dry))

    def delete(call: Call) -> Json:
        return _done(services.delete(call.text("name"), etag=call.text("etag")))

    return (
        _rpc(f"POST {{parent={_LOCATION}}}/services", "CreateService", create, body="service"),
        _rpc(f"PATCH {{service.name={_SERVICE}}}", "UpdateService", update, body="service"),
        _rpc(f"DELETE {{name={_SERVICE}}}", "DeleteService", delete),
    )


def _looks(services: Services) -> tuple[Rpc, ...]:
    def listed(call: Call) -> Json:
        size, token = call.number("pageSize"), call.text("pageToken")
        found, token = services.list(call.text("parent"), size=size, token=token)
        return {"services": found, **({"nextPageToken": token} if token else {})}

    def get(call: Call) -> Json:
        return services.get(call.text("name"))

    return (
        _rpc(f"GET {{name={_SERVICE}}}", "GetService", get, response=f"{_PACKAGE}.Service"),
        _rpc(
            f"GET {{parent={_LOCATION}}}/services",
            "ListServices",
            listed,
            response=f"{_PACKAGE}.ListServicesResponse",
        ),
    )


def _policies(services: Services) -> tuple[Rpc, ...]:
    def get(call: Call) -> Json:
        return services.policy(call.text("resource"))

    def put(call: Call) -> Json:
        return services.set_policy(call.text("resource"), call.message("policy"))

    def granted(call: Call) -> Json:
        services.get(call.text("resource"))
        return {"permissions": call.texts("permissions")}

    def rpc(rule: str, method: str, answer: Callable[[Call], Json], *, body: str = "*") -> Rpc:
        kind = "TestIamPermissionsResponse" if method.startswith("Test") else "Policy"
        return _rpc(
            rule,
            method,
            answer,
            body=body,
            request=f"google.iam.v1.{method}Request",
            response=f"google.iam.v1.{kind}",
        )

    name = f"{{resource={_SERVICE}}}"
    return (
        rpc(f"GET {name}:getIamPolicy", "GetIamPolicy", get, body=""),
        rpc(f"POST {name}:setIamPolicy", "SetIamPolicy", put),
        rpc(f"POST {name}:testIamPermissions", "TestIamPermissions", granted),
    )


def _done(service: Json) -> Json:
    """The operation of what was done to a service, which takes no time here."""
    location = service["name"].partition("/services/")[0]
    typed = {"@type": _TYPE, **service}
    name = f"{location}/operations/{uuid.uuid4()}"
    return {"name": name, "metadata": typed, "done": True, "response": typed}
