"""Whose local cloud answers at a port: so that nobody speaks with that of another ledger."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

from common.localcloud.rpc import Call, Json, Rpc
from common.settings import Settings

__all__ = ["served_at", "whose"]

_PATH = "/local/v1/cloud"
_WAIT = 2.0
"""Seconds for an answer; where nobody listens it is known at once."""


def whose(settings: Settings) -> Rpc:
    """The call that tells it."""

    def answer(call: Call) -> Json:  # noqa: ARG001
        return _described(settings)

    return Rpc(verb="GET", path=_PATH, answer=answer)


def served_at(port: int, settings: Settings) -> str | None:
    """The URL of the local cloud at a port of this machine, if it is one of the same ledger."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_WAIT)) as connection:
            connection.request("GET", _PATH)
            answer = connection.getresponse()
            told = json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    return f"http://127.0.0.1:{port}" if told == _described(settings) else None


def _described(settings: Settings) -> Json:
    return {"documents": settings.documents, "home": str(settings.home)}
