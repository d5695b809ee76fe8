"""Google's APIs as JSON over HTTP: an ASGI application.

Any of their hosts leads here: clients are told to come by a setting of theirs, or through a proxy,
which this then is to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from common.errors import InvalidInput, RunjobsError, Unavailable
from common.localcloud.errors import ApiError, invalid
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.rules import Rules
from common.visitors import stranger

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Rest", "answered", "parsed"]

_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
_BODY = 10 * 1024 * 1024
"""Bytes; more than any of these APIs takes."""


class Rest:
    """Answers the calls of a table."""

    def __init__(self, rpcs: Iterable[Rpc]) -> None:
        self._rules = Rules(rpcs)

    def knows(self, scope: Scope) -> bool:
        """Whether a request is for one of these calls."""
        return self._rules.find(scope["method"], _path(scope)) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of an ASGI server."""
        request = Request(scope, receive)
        try:
            _admit(request)
            status, answer = 200, await self._answer(request)
        except ApiError as error:
            status, answer = error.code, error.json()
        content = json.dumps(answer, ensure_ascii=False).encode()
        response = Response(content, status, media_type="application/json; charset=UTF-8")
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Json:
        found = self._rules.find(request.method, _path(request.scope))
        if found is None:
            raise ApiError("NOT_FOUND", f"Nothing answers {request.method} {request.url.path}.")
        rpc, fields = found
        body = parsed(await _body(request)) if rpc.body else None
        fields = self._rules.fill(rpc, fields, request.query_params.multi_items(), body)
        call = Call(fields=fields, host=_host(request), headers=dict(request.headers))
        return await run_in_threadpool(answered, rpc, call)


def answered(rpc: Rpc, call: Call) -> Json:
    """What a call comes to; errors of ours as those of an API. Raises ApiError."""
    try:
        return rpc.answer(call)
    except InvalidInput as error:
        raise ApiError("INVALID_ARGUMENT", str(error)) from error
    except Unavailable as error:
        raise ApiError("UNAVAILABLE", str(error)) from error
    except RunjobsError as error:
        raise ApiError("INTERNAL", str(error)) from error


def _admit(request: Request) -> None:
    """Whoever is on this machine; else any page in a browser could have any command run."""
    said = request.headers.getlist
    if why := stranger(_target(request.scope), said("host"), said("origin"), google=True):
        raise ApiError("PERMISSION_DENIED", why)


async def _body(request: Request) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > _BODY:
            raise invalid("body", f"it has more than {_BODY:,} bytes.")
    return content


def parsed(content: bytes) -> object:
    """A request's body. Raises ApiError INVALID_ARGUMENT."""
    if not content.strip():
        return None
    try:
        found = json.loads(content)
        if _ESCAPED.search(content):  # it may be half a character, which no answer could tell
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid("body", "it is not JSON.") from None
    return found


def _path(scope: Scope) -> str:
    """Still quoted. Whoever takes us for a proxy asks for a whole URL."""
    target = _target(scope)
    return target if target.startswith("/") else urlsplit(target).path


def _host(request: Request) -> str:
    return urlsplit(_target(request.scope)).netloc or str(request.headers.get("host", ""))


def _target(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("ascii", "replace")
