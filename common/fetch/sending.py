"""Sending: one request with a body to one server, and whatever it answers."""

from __future__ import annotations

import json as jsons
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, NamedTuple

from common.clock import SYSTEM, Clock
from common.fetch.asking import answer, deadline
from common.fetch.body import take
from common.fetch.guard import Guard
from common.fetch.headers import checked
from common.fetch.target import Target

__all__ = ["Answer", "send", "vet"]

_METHODS = {"DELETE", "GET", "PATCH", "POST", "PUT"}
_GUARD = Guard()


class Answer(NamedTuple):
    """What a server answered, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By names like Retry-After."""
    body: bytes


def vet(url: str, *, guard: Guard = _GUARD) -> None:
    """Raise the RefusedURL that send() would, as far as can be told without looking the host up."""
    Target.of(url, guard)


def send(  # noqa: PLR0913 - what, to whom, and within which bounds
    url: str,
    *,
    method: str = "POST",
    json: Any = None,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    most: int = 1_000_000,
    seconds: float = 60.0,
    check: Callable[[], None] = lambda: None,
    guard: Guard = _GUARD,
    clock: Clock = SYSTEM,
) -> Answer:
    """Send JSON, or bytes, once, and take at most so many bytes of an answer in so many seconds.

    No redirect is followed, and no status is an error: `refusal(host, status, headers)` makes one
    of it. Raises ValueError for what is no JSON, RefusedURL, RefusedHeader, TooLarge, which last;
    FetchError and its kinds, which may pass: their `sent` says whether the server may have heard.
    """
    if method not in _METHODS:
        raise ValueError(f"send() knows no method {method!r}: one of {sorted(_METHODS)}.")
    given = checked(headers)
    if json is not None:
        data = jsons.dumps(json, allow_nan=False).encode()
        given.setdefault("Content-Type", "application/json")
    target, into = Target.of(url, guard), BytesIO()
    until = deadline(seconds, clock.monotonic)
    check()
    with answer(target, guard, until, method=method, headers=given, body=data) as got:
        status, said, response = got
        take(target, said, response, into, most=most, check=check)
    return Answer(status, said, into.getvalue())
