"""Saying the calls of a service in few words."""

from __future__ import annotations

from collections.abc import Callable

from common.localcloud.rpc import OPERATION, Call, Json, Rpc

__all__ = ["service_calls"]


def service_calls(service: str, *, at: str) -> Callable[..., Rpc]:
    """Makes the calls of a gRPC service whose paths are `at` a version, such as /v2: of a rule, as
    GET {name=projects/*}, a method and an answer. Messages without a package are of the service's.
    """
    package = service.rpartition(".")[0]

    def rpc(
        rule: str,
        method: str,
        answer: Callable[[Call], Json],
        *,
        response: str = OPERATION,
        **more: str,
    ) -> Rpc:
        verb, path = rule.split()
        return Rpc(
            verb=verb,
            path=f"{at}/{path}",
            answer=answer,
            service=service,
            method=method,
            response=response if "." in response else f"{package}.{response}",
            body=more.get("body", ""),
            request=more.get("request", ""),
        )

    return rpc
