"""What the stand-in answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. A handler may also return just the JSON of a good one."""

    status: int = 200
    json: Any = None
    content: bytes | None = None
    """In the place of JSON: of a download."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        if self.content is not None:
            return self.content
        return b"" if self.json is None else json.dumps(self.json).encode()


def refused(status: int, reason: str, message: str = "", **headers: str) -> Answer:
    """An error as Google's APIs spell it; headers are named with underscores."""
    error = {
        "code": status,
        "message": message or f"{reason} on command.",
        "errors": [{"message": message, "domain": "global", "reason": reason}],
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, json={"error": error}, headers=named)
