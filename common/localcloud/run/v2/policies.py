"""IAM policies of jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.v2.calls import JOB, PACKAGE

if TYPE_CHECKING:
    from common.localcloud.run import CloudRun

__all__ = ["rpcs"]


def rpcs(run: CloudRun) -> tuple[Rpc, ...]:
    """The calls about them."""

    def granted(call: Call) -> Json:
        run.jobs.get(call.text("resource"))
        return {"permissions": call.texts("permissions")}

    def changed(call: Call) -> Json:
        return run.jobs.set_policy(call.text("resource"), call.message("policy"))

    def rpc(verb: str, what: str, method: str, answer: Callable[[Call], Json]) -> Rpc:
        kind = "TestIamPermissionsResponse" if method.startswith("Test") else "Policy"
        return Rpc(
            verb=verb,
            path=f"/v2/{{resource={JOB}}}:{what}",
            answer=answer,
            body="" if verb == "GET" else "*",
            service=f"{PACKAGE}.Jobs",
            method=method,
            request=f"google.iam.v1.{method}Request",
            response=f"google.iam.v1.{kind}",
        )

    return (
        rpc(
            "GET",
            "getIamPolicy",
            "GetIamPolicy",
            lambda call: run.jobs.policy(call.text("resource")),
        ),
        rpc("POST", "setIamPolicy", "SetIamPolicy", changed),
        rpc("POST", "testIamPermissions", "TestIamPermissions", granted),
    )
