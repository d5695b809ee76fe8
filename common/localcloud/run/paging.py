"""Pages of what is put together from several lists, or made as it is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from common.localcloud.errors import invalid
from common.localcloud.rpc import Json

__all__ = ["Listed", "paged"]

Listed = tuple[list[Json], str]
"""A page of what is listed, and what asks for the next; nothing where there is none."""

_PAGE, _MOST = 100, 1000
_TOKEN = re.compile(r"[0-9]{1,9}")


def paged(found: Sequence[Json], *, size: int, token: str) -> Listed:
    """Those from where the token says, and what asks for the next."""
    if token and not _TOKEN.fullmatch(token):
        raise invalid("pageToken", f"{token!r} is none that was given.")
    first = int(token or 0)
    end = first + (min(size, _MOST) if size > 0 else _PAGE)
    return list(found[first:end]), str(end) if end < len(found) else ""
