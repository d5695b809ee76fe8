"""A laptop's one port: the dispatcher's API, and Google Cloud as it is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from common.web.access.loopback import target
from common.web.app import Api

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from common.localcloud.rest import Rest

__all__ = ["Laptop"]


class Laptop:
    """Leads each request to whom it is for, who sees to who asks. Whoever has us for a proxy asks
    Google's hosts."""

    def __init__(self, api: Api, rest: Rest) -> None:
        self._api, self._rest = api, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of an ASGI server."""
        is_for_cloud = scope["type"] == "http" and self._is_for_cloud(Request(scope))
        await (self._rest if is_for_cloud else self._api)(scope, receive, send)

    def _is_for_cloud(self, request: Request) -> bool:
        authority = target(request)[1] or request.headers.get("host", "")
        if authority.partition(":")[0].endswith(".googleapis.com"):
            return True
        return not self._api.knows(request) and self._rest.knows(request.scope)
