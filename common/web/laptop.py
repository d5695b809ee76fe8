"""A laptop's one port: the dispatcher's API, and Google Cloud as it is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from common.web.access.loopback import Loopback, target
from common.web.app import Api, told
from common.web.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from common.localcloud.rest import Rest

__all__ = ["Laptop"]


class Laptop:
    """Leads each request to whom it is for. Whoever has us for a proxy asks Google's hosts."""

    def __init__(self, api: Api, rest: Rest, guard: Loopback) -> None:
        self._api, self._rest, self._guard = api, rest, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of an ASGI server."""
        if scope["type"] != "http" or not self._is_for_cloud(Request(scope)):
            await self._api(scope, receive, send)
            return
        try:
            self._guard.admit_to_cloud(Request(scope))
        except Problem as problem:
            await told(problem)(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    def _is_for_cloud(self, request: Request) -> bool:
        authority = target(request)[1] or request.headers.get("host", "")
        if authority.partition(":")[0].endswith(".googleapis.com"):
            return True
        return not self._api.knows(request) and self._rest.knows(request.scope)
