"""What the params of a run say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.blobs import BadPath

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.documents import Document

__all__ = ["params_of", "paths_in", "text"]


def params_of(run: Document) -> dict[str, Any]:
    """Those of a run; none where they cannot be read."""
    try:
        found = json.loads(run.data.get("params", "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text(value: Any) -> str:
    """A value that is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def paths_in(params: Any, blobs: Blobs) -> Iterator[str]:
    """All texts that may be paths in the store, however deep, each with a slash at its end."""
    rest = [params]
    while rest:
        match rest.pop():
            case str() as found:
                yield f"{_path(found, blobs).rstrip('/')}/"
            case list() as found:
                rest += found
            case dict() as found:
                rest += found.values()


def _path(found: str, blobs: Blobs) -> str:
    if "://" not in found:
        return found
    try:
        return blobs.path(found.rstrip("/"))
    except BadPath:  # of another store
        return ""
