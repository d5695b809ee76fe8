"""Fetching: one GET after another until one is no redirect, its body into a file or memory."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from common.blobs import StorageFull
from common.clock import SYSTEM, Clock
from common.errors import Misconfigured
from common.fetch.body import take
from common.fetch.errors import FetchError, FetchTimedOut, NotFetched, RefusedURL, ServerBusy
from common.fetch.fetched import Fetched
from common.fetch.guard import Guard
from common.fetch.target import Target
from common.waits import asked_wait

if TYPE_CHECKING:
    import httpcore2

    from common.fetch.network import Deadline

__all__ = ["fetch", "fetch_bytes"]

_REDIRECTS = {301, 302, 303, 307, 308}
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "runjobs",
}
_GUARD = Guard()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bounds:
    most: int
    seconds: float
    check: Callable[[], None] = lambda: None
    guard: Guard = _GUARD
    clock: Clock = SYSTEM


def fetch(url: str, to: Path, *, most: int, seconds: float = 300.0, **bounds: Any) -> Fetched:
    """Fetch at most so many bytes from a URL that a user gave into a new file, in so many seconds.

    Besides there may be `check`, which is called between chunks, to stop when it raises; `guard`,
    the rules, where they are not the usual ones; and `clock`. Raises RefusedURL, NotFetched,
    TooLarge, which last; FetchError and its kinds, which may pass; StorageFull. After any error the
    file is not there.
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


def fetch_bytes(
    url: str, *, most: int = 1_000_000, seconds: float = 60.0, **bounds: Any
) -> tuple[bytes, Fetched]:
    """Like `fetch`, of what is small, into memory."""
    into = BytesIO()
    found = _fetch(url, into, _Bounds(most=most, seconds=seconds, **bounds))
    return into.getvalue(), found


def _fetch(url: str, into: BinaryIO, bounds: _Bounds) -> Fetched:
    try:
        from common.fetch.network import Deadline
    except ImportError as error:
        raise Misconfigured("URLs need httpx2: pip install 'runjobs[extract]'.") from error
    deadline = Deadline(bounds.seconds, bounds.clock.monotonic)
    target = Target.of(url, bounds.guard)
    for _ in range(bounds.guard.redirects + 1):
        bounds.check()
        with _answer(target, bounds.guard, deadline) as (status, headers, response):
            if status == 200:
                return take(target, headers, response, into, most=bounds.most, check=bounds.check)
            if status not in _REDIRECTS or "Location" not in headers:
                raise _refused(target, status, headers)
            target = target.redirected(headers["Location"], bounds.guard)
    raise RefusedURL(target.host, f"it leads on more than {bounds.guard.redirects} times")


@contextmanager
def _answer(
    target: Target, guard: Guard, deadline: Deadline
) -> Iterator[tuple[int, Mapping[str, str], httpcore2.Response]]:
    """What one server answers; the body is yet to be read, within the block."""
    import httpcore2

    from common.fetch.network import Network

    tls = guard.tls() if guard.tls else None  # then it is the usual one, made where it is needed
    headers = [*{"Host": target.netloc, **_HEADERS}.items()]
    network = Network(guard, deadline)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=tls, network_backend=network) as pool,
            pool.stream("GET", _url(target), headers=headers) as response,
        ):
            yield response.status, _plain(response.headers), response
    except httpcore2.TimeoutException:
        raise FetchTimedOut(target.host, deadline.seconds) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise FetchError(target.host, _said(error)) from None


def _url(target: Target) -> httpcore2.URL:
    """In its parts, which nobody takes apart again."""
    import httpcore2

    return httpcore2.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )


def _refused(target: Target, status: int, headers: Mapping[str, str]) -> Exception:
    if status in {408, 425, 429} or status >= 500:
        return ServerBusy(target.host, status, asked_wait(headers, None))
    return NotFetched(target.host, status)


def _plain(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """By names like Retry-After, however they were written."""
    return {name.decode("latin-1").title(): value.decode("latin-1") for name, value in headers}


def _said(error: Exception) -> str:
    import ssl

    if isinstance(error.__context__, ssl.SSLCertVerificationError):
        return "its certificate is not to be trusted"
    return "the connection could not be made, or broke"
