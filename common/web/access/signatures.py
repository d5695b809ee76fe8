"""Signed tokens: https://www.rfc-editor.org/rfc/rfc7515, as much of it as Google's need.

One algorithm is known, RS256, whatever a token says it is signed by.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any, Protocol

from common.web.access.claims import Bad

__all__ = ["REMOVED", "Verifier", "claims_of"]

REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"
"""What Cloud Run may leave of a signature that it has checked:
https://cloud.google.com/run/docs/troubleshooting#signature-removed"""
_MOST = 8_192
_PART = re.compile(r"[A-Za-z0-9_-]+")


class Verifier(Protocol):
    """A public key."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether its owner signed the message."""
        ...


def claims_of(
    token: str, key: Callable[[str], Verifier | None], *, removed: bool = False
) -> dict[str, Any]:
    """What a token says, once its signature is known to be by the key of the id it names.

    With `removed`, Cloud Run has checked the signature, and may have removed it. Raises Bad.
    """
    parts = token.split(".")
    if len(token) > _MOST or len(parts) != 3 or not all(map(_PART.fullmatch, parts)):
        raise Bad("it is no token")
    header = _object(parts[0])
    if header.get("alg") != "RS256" or "crit" in header:
        raise Bad("another algorithm")
    if not (removed and parts[2] == REMOVED):
        _check(parts, header.get("kid"), key)
    return _object(parts[1])


def _check(parts: list[str], id: object, key: Callable[[str], Verifier | None]) -> None:
    verifier = key(id) if isinstance(id, str) else None
    if verifier is None:
        raise Bad("an unknown key")
    signed = f"{parts[0]}.{parts[1]}".encode()
    if not verifier.verify(signed, _decoded(parts[2])):
        raise Bad("a forged signature")


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        raise Bad("it is no JSON") from None
    if not isinstance(value, dict):
        raise Bad("it is no JSON object")
    return value


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Bad("it is no base64") from None
