"""What is kept of a consent, and what is refused to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.documents import Document
from common.errors import InvalidInput
from common.integrations.integration import check_schema

__all__ = ["check_consent", "saved"]

_LONGEST = 320
"""Characters of an e-mail address."""
_SECRET = 64_000


def check_consent(*, secret: Mapping[str, Any], **names: str) -> None:
    """Refuse, by InvalidInput that shows nothing of the secret, what cannot be kept."""
    for what, name in names.items():
        needed = what in {"user", "provider"}
        if (needed and not name) or len(name) > _LONGEST or not name.isprintable():
            raise InvalidInput(
                f"{what} {name[:50]!r} is not 1 to {_LONGEST} printable characters: name one."
            )
    try:
        size = len(json.dumps(dict(secret)))
    except (TypeError, ValueError, RecursionError):  # whose text might show a part of it
        raise InvalidInput("A secret is a JSON object.") from None
    if size > _SECRET:
        raise InvalidInput(f"A secret of {size:,} bytes is over the limit of {_SECRET:,}.")


def saved(old: Document | None, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The document of a consent that comes in the place of another, if there was one.

    A watch stays while the account does. Raises NewerSchema.
    """
    if old is not None:
        check_schema(old)
    same = old is not None and old.data["account"] == data["account"]
    return {
        **data,
        "status": "active",
        "why": "",
        "since": None,
        "watch": old.data["watch"] if old is not None and same else None,
        "created": now if old is None else old.data["created"],
        "updated": now,
    }
