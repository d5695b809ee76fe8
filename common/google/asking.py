"""Calls as Google wants them written, and lists as it answers them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from common.google.calls import Call
from common.google.endpoints import Endpoints, Path
from common.google.errors import BadAnswer

__all__ = ["call_of", "entries"]


def call_of(  # noqa: PLR0913 - the parts of a call
    endpoints: Endpoints,
    method: str,
    service: str,
    path: Path,
    query: Mapping[str, Any],
    *,
    body: Any = None,
    repeat: bool = True,
    upload: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """A call; None in the query is left out, and a list is written as often as it has entries."""
    typed = {} if body is None else {"Content-Type": "application/json; charset=UTF-8"}
    shown = path if isinstance(path, str) else "/".join(path)
    return Call(
        method=method,
        url=endpoints.url(service, path, upload=upload),
        what=f"{method} {service} {shown[:100]}",
        query=tuple(_pairs(query)),
        headers={**typed, **(headers or {})},
        body=None if body is None else json.dumps(body).encode(),
        repeat=repeat,
    )


def entries(page: Mapping[str, Any], items: str) -> list[dict[str, Any]]:
    """What a page of a list has. Raises BadAnswer."""
    found = page.get(items, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadAnswer(f"Google's list has {items} that are none.")
    return found


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is not None:
                yield name, str(each).lower() if isinstance(each, bool) else str(each)
