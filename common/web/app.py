"""The dispatcher as an ASGI application: from a request to an operation's answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from common.web.access.guard import Guard
from common.web.access.loopback import target
from common.web.asked import Asked
from common.web.given import Given, given
from common.web.operations import Operation, Routes
from common.web.problems import MEDIA_TYPE, Problem, problem_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from common.dispatch import Client

__all__ = ["Api"]

T = TypeVar("T")

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Api:
    """Answers the operations of a table, over one process's client.

    Handlers run in threads: the stores' libraries wait where they are called.
    """

    def __init__(
        self, client: Client, guard: Guard, operations: Iterable[Operation], *, at_once: int
    ) -> None:
        """So many handlers at once; the other requests wait for their turn."""
        self._client, self._guard = client, guard
        self._routes = Routes.of(operations)
        self._turns = CapacityLimiter(at_once)

    def knows(self, request: Request) -> bool:
        """Whether anything is at the request's path."""
        return self._routes.knows(_path(request))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of an ASGI server."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        try:
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, an answer says little of it
            response = _told(problem_of(error))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """Who may not ask learns nothing, not even what there is."""
        try:
            operation, path = self._routes.find(request.method, _path(request))
        except Problem as problem:
            await self._in_thread(partial(self._guard.admit, request, "api"))
            raise problem from None
        admit: Callable[[], None] = partial(self._guard.admit, request, operation.access)
        if operation.body is not None:  # of those who may not ask it is not even read
            await self._in_thread(admit)
            admit = _admitted
        said = await given(operation, request)
        return await self._in_thread(partial(self._do, operation, path, said, admit))

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await run_sync(do, limiter=self._turns)

    def _do(
        self,
        operation: Operation,
        path: dict[str, str],
        said: Given,
        admit: Callable[[], None],
    ) -> Response:
        admit()
        query, body = said.checked(operation)
        asked = Asked(client=self._client, path=path, query=query, body=body, key=said.key)
        answer = operation.handler(asked)
        return _response(answer.content, answer.status, {**answer.headers})


def _admitted() -> None:
    """Once is enough."""


def _told(problem: Problem) -> Response:
    """A problem as an answer."""
    return _response(problem.data(), problem.status, problem.headers, media_type=MEDIA_TYPE)


def _response(
    content: Any, status: int, headers: dict[str, str], *, media_type: str = "application/json"
) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate, spelled out, is just what JSON writes for it.
    raw = text.encode("utf-8", "backslashreplace")
    return Response(raw + b"\n", status, {**_HEADERS, **headers}, media_type=media_type)


def _path(request: Request) -> str:
    return unquote(target(request)[0])
