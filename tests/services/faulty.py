"""The answers of the local cloud, over HTTP and gRPC, the next of which go wrong on command."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import grpc

from common.localcloud.errors import HTTP_STATUS, ApiError
from common.localcloud.grpc import _status

_PATIENCE = 20.0
_HALF = b'{"name": "proj'

Fault = int | str | Callable[[dict], object] | None
"""An HTTP status, or its like of gRPC's; `lost` and `slow` are applied, but their answer does not
come, or comes late; `dropped` is not applied; `malformed` and `empty`, or a function that changes
the answer's JSON, are the answers' faults. None is well."""


class Faults:
    """How the next answers go."""

    def __init__(self) -> None:
        self.next: deque[Fault] = deque()
        self.at: dict[str, Fault] = {}
        """That of the next request which ends like this; it goes before all others."""
        self.headers: dict[str, str] = {}
        """Sent with each answer that a fault with a status makes."""
        self.details: list[dict] = []
        """What such an answer says besides."""
        self.requests: list[str] = []
        """What came: verb and path, or service and method."""
        self.late = threading.Event()
        """Set, it lets slow answers go."""

    def take(self, request: str) -> Fault:
        """The fault of a request that has come."""
        self.requests.append(request)
        for end in [end for end in self.at if request.endswith(end)]:
            return self.at.pop(end)
        return self.next.popleft() if self.next else None

    def error(self, code: int) -> ApiError:
        """What is answered in place of what was asked for."""
        names = [name for name, number in HTTP_STATUS.items() if number == code]
        status = "INTERNAL" if code == 500 else names[0]
        return ApiError(status, f"{code} on command.", details=self.details)


class FaultyHttp:
    """Another ASGI application, of whose answers the next ones go wrong."""

    def __init__(self, inner: Any, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        fault = self._faults.take(f"{scope['method']} {scope['path']}")
        if fault is None:
            await self._inner(scope, receive, send)
            return
        if isinstance(fault, int):
            await self._refuse(fault, send)
            return
        answer = _Kept()
        if fault != "dropped":
            await self._inner(scope, receive, answer)
        if fault == "slow":
            await asyncio.to_thread(self._faults.late.wait, _PATIENCE)
        if fault in {"dropped", "lost"}:
            await _hang_up(receive, send)
        else:
            await answer.go_on(send, fault)

    async def _refuse(self, code: int, send: Any) -> None:
        answer = _Kept()
        answer.status = code
        answer.content = json.dumps(self._faults.error(code).json()).encode()
        answer.headers = self._faults.headers
        await answer.go_on(send, None)


class _Kept:
    """An answer that is not sent yet."""

    def __init__(self) -> None:
        self.status = HTTPStatus.OK.value
        self.content = b""
        self.headers: dict[str, str] = {}

    async def __call__(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.content += message.get("body", b"")

    async def go_on(self, send: Any, fault: Fault) -> None:
        content = _changed(self.content, fault)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        if "Date" in self.headers:  # the server would send one of its own beside it
            send.__self__.default_headers = []
        named = {**headers, **self.headers}
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        await send({"type": "http.response.body", "body": content})


async def _hang_up(receive: Any, send: Any) -> None:
    """Break the connection; of that ASGI knows nothing, so the server's own part is asked."""
    send.__self__.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _changed(content: bytes, fault: Fault) -> bytes:
    if callable(fault):
        answer = json.loads(content)
        fault(answer)
        return json.dumps(answer).encode()
    return {"malformed": _HALF, "empty": b"{}"}.get(str(fault), content)


class FaultyGrpc(grpc.ServerInterceptor):
    """Before the calls of gRPC, of whose answers the next ones go wrong."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        inner = continuation(details)
        fault = self._faults.take(details.method.removeprefix("/"))
        if inner is None or fault is None:
            return inner

        def answer(request: bytes, context: Any) -> bytes:
            if isinstance(fault, int):
                _abort(context, self._faults.error(fault))
            if fault == "dropped":
                _abort(context, ApiError("UNAVAILABLE", "The connection broke."))
            content = inner.unary_unary(request, context)
            if fault == "slow":
                self._faults.late.wait(_PATIENCE)
            if fault == "lost":
                _abort(context, ApiError("UNAVAILABLE", "The connection broke."))
            return {"malformed": b"\xff\xff", "empty": b""}.get(str(fault), content)

        return grpc.unary_unary_rpc_method_handler(answer)


def _abort(context: Any, error: ApiError) -> None:
    context.abort_with_status(_status(error))
