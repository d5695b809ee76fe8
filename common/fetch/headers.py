"""Headers that callers add to a request: none that could make it another one, or two."""

from __future__ import annotations

import re
from collections.abc import Mapping

from common.errors import InvalidInput

__all__ = ["RefusedHeader", "checked"]

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,8000}")
_OURS = {
    *("host", "connection", "content-length", "transfer-encoding", "accept-encoding"),
    *("expect", "te", "trailer", "upgrade", "keep-alive", "proxy-connection"),
}
"""Which say how the request and its answer are carried: the client's to write."""


class RefusedHeader(InvalidInput):
    """Raised when a header cannot be sent. What it says is not repeated: it may be a secret."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The header {name[:100]!r} is not sent: {why}.")
        self.name = name


def checked(headers: Mapping[str, str] | None) -> dict[str, str]:
    """The headers as they are to be sent. Raises RefusedHeader."""
    for name, value in (headers or {}).items():
        if not _NAME.fullmatch(name):
            raise RefusedHeader(name, "there can be none of that name")
        if name.lower() in _OURS:
            raise RefusedHeader(name, "it is the client's own to write")
        if not _VALUE.fullmatch(value) or value != value.strip():
            raise RefusedHeader(name, "its value has a line break, or what no header can have")
    return dict(headers or {})
