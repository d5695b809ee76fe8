"""From what a request says to what is asked of a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.web.asked import Asked
from common.web.shapes import NewBatch, NewRun, ThenData, Wanted

if TYPE_CHECKING:
    from common.dispatch import Client
    from common.runs import Then

__all__ = ["options"]


def options(asked: Asked, wanted: Wanted) -> dict[str, Any]:
    """As arguments of Client.submit and Client.submit_many. Raises InvalidInput."""
    more = wanted if isinstance(wanted, (NewRun, NewBatch)) else None
    return {
        "due": wanted.due(asked.client.documents.now()),
        "tenant": wanted.tenant,
        "priority": wanted.priority,
        "key": _key(asked.key, more.key if more else None),
        "then": _then(asked.client, more.then if more else None),
    }


def _key(header: str | None, body: str | None) -> str | None:
    if header is not None and body is not None and header != body:
        raise InvalidInput("Idempotency-Key and `key` differ: say one of them.")
    return body if header is None else header


def _then(client: Client, said: ThenData | None) -> Then | None:
    if said is None:
        return None
    return client.then(said.job, said.params, then=_then(client, said.then))
