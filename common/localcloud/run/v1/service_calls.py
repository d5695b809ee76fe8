"""The calls of version 1 that look at services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.run.v1.lists import all_of, listed
from common.localcloud.run.v1.places import Where
from common.localcloud.run.v1.selectors import Selector
from common.localcloud.run.v1.services import service_of_v2

if TYPE_CHECKING:
    from common.localcloud.services import Services

__all__ = ["service_rpcs"]

_NAMESPACE = "/apis/serving.knative.dev/v1/{parent=namespaces/*}/services"
_LOCATION = "/v1/{parent=projects/*}/locations/-/services"


def service_rpcs(services: Services, *, region: str) -> tuple[Rpc, ...]:
    """All calls; `region` is where a request is answered that does not say one."""

    def of(places: Iterator[str]) -> Iterator[Json]:
        return (service_of_v2(it) for place in places for it in all_of(services.list, place))

    def some(call: Call) -> Json:
        selector = Selector.parsed(call.text("labelSelector"))
        return listed(call, "Service", of(Where.of(call, region=region).locations), selector)

    def get(call: Call) -> Json:
        where = Where.of(call, region=region)
        return service_of_v2(services.get(f"{where.location}/services/{call.text('id')}"))

    return (
        Rpc(verb="GET", path=_NAMESPACE, answer=some, more=[("GET", _LOCATION)]),
        Rpc(verb="GET", path=f"{_NAMESPACE}/{{id}}", answer=get),
    )
