"""Announcing a change by a webhook, as Standard Webhooks has it: https://www.standardwebhooks.com

The id is the change's, however often it is sent: receivers know by it what they have already.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from datetime import datetime
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.runtime import Permanent, Retryable

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.monitor_check.state import Change

__all__ = ["NotTaken", "announce", "body_of", "key_of", "secret", "signature"]

_VARIABLE = "MONITOR_WEBHOOK_SECRET"
_SHORTEST = 24
"""Bytes, as the specification has it."""
_SECONDS = 20.0
_MOST = 100_000


class NotTaken(Permanent):
    """Raised when a webhook does not take what is announced, and will not later."""

    def __init__(self, host: str, status: int) -> None:
        why = (
            "it leads on, which is not followed: name the URL that it leads to"
            if 300 <= status < 400
            else "put it right, and replay the run"
        )
        super().__init__(f"The webhook at {host} answered with HTTP status {status}: {why}.")
        self.host, self.status = host, status


def secret(tenant: str) -> bytes:
    """What the announcements of a tenant are signed with: nobody else's is the same. Raises
    Misconfigured."""
    said = os.environ.get(_VARIABLE, "").encode(errors="replace")
    if len(said) < _SHORTEST:
        raise Misconfigured(
            f"Webhooks are signed: set {_VARIABLE} to a secret of {_SHORTEST} characters or more, "
            "such as `openssl rand -base64 32` makes; in the cloud, make it a secret of that name "
            f"and deploy with --secrets={_VARIABLE}. Without --webhook none is needed."
        )
    return key_of(said, tenant)


def key_of(master: bytes, tenant: str) -> bytes:
    """The key of a tenant: its receivers get it as whsec_ and its base64."""
    return hmac.digest(master, f"webhook\0{tenant}".encode(errors="replace"), hashlib.sha256)


def signature(key: bytes, id: str, at: int, body: bytes) -> str:
    """As the header webhook-signature has it."""
    signed = hmac.digest(key, f"{id}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def announce(url: str, id: str, change: Change, run: Context) -> None:
    """Have the webhook take a change. Raises RefusedURL, NotTaken, which last; ServerBusy, as a
    Retryable, and FetchError."""
    from common.fetch import ServerBusy, refusal, send

    body, at = body_of(id, change), int(run.documents.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret(run.tenant), id, at, body),
    }
    answer = send(url, data=body, headers=headers, most=_MOST, seconds=_SECONDS, check=run.check)
    if 200 <= answer.status < 300:
        return
    error = refusal(_host(url), answer.status, answer.headers)
    if isinstance(error, ServerBusy):
        raise Retryable(f"The webhook: {error}", after=error.after) from error
    raise NotTaken(error.host, answer.status)


def body_of(id: str, change: Change) -> bytes:
    """The same bytes each time."""
    data = {
        "id": id,
        "monitor": change.monitor,
        "number": change.number,
        "kind": change.kind,
        "source": change.source,
        "summary": change.summary,
        "added": change.added,
        "removed": change.removed,
        "similarity": change.similarity,
        "additions": change.additions,
        "removals": change.removals,
    }
    said = {"type": f"monitor.{change.kind}", "timestamp": _iso(change.at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""
