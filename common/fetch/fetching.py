"""Fetching: one GET after another until one is no redirect, its body into a file."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from common.blobs import StorageFull
from common.clock import SYSTEM, Clock
from common.fetch.asking import answer, deadline, refusal
from common.fetch.body import take
from common.fetch.errors import RefusedURL
from common.fetch.fetched import Fetched
from common.fetch.guard import Guard
from common.fetch.headers import checked
from common.fetch.target import Target

__all__ = ["fetch"]

_REDIRECTS = {301, 302, 303, 307, 308}
_GUARD = Guard()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bounds:
    most: int
    seconds: float
    headers: Mapping[str, str] | None = None
    check: Callable[[], None] = lambda: None
    guard: Guard = _GUARD
    clock: Clock = SYSTEM


def fetch(url: str, to: Path, *, most: int, seconds: float = 300.0, **bounds: Any) -> Fetched:
    """Fetch at most so many bytes from a URL that a user gave into a new file, in so many seconds.

    Besides there may be `headers`, which go to that server only, and not to where it may lead on;
    `check`, which is called between chunks, to stop when it raises; `guard`, the rules, where they
    are not the usual ones; and `clock`. Raises RefusedURL, RefusedHeader, NotFetched, TooLarge,
    which last; FetchError and its kinds, which may pass; StorageFull. After any error the file is
    not there.
    """
    try:
        with to.open("xb") as file:
            return _fetch(url, file, _Bounds(most=most, seconds=seconds, **bounds))
    except BaseException as error:
        if not isinstance(error, FileExistsError):
            to.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(str(to.parent)) from error
        raise


def _fetch(url: str, into: BinaryIO, bounds: _Bounds) -> Fetched:
    until = deadline(bounds.seconds, bounds.clock.monotonic)
    headers = checked(bounds.headers)
    target = first = Target.of(url, bounds.guard)
    for _ in range(bounds.guard.redirects + 1):
        bounds.check()
        # What a server is told may be meant for nobody else, such as who is asking.
        told = headers if target.origin == first.origin else {}
        with answer(target, bounds.guard, until, headers=told) as (status, said, response):
            if status == 200:
                return take(target, said, response, into, most=bounds.most, check=bounds.check)
            if status not in _REDIRECTS or "Location" not in said:
                raise refusal(target.host, status, said)
            target = target.redirected(said["Location"], bounds.guard)
    raise RefusedURL(target.host, f"it leads on more than {bounds.guard.redirects} times")
