"""One request to one server, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.fetch.errors import FetchError, FetchTimedOut, NotFetched, ServerBusy
from common.fetch.guard import Guard
from common.fetch.target import Target
from common.waits import asked_wait

if TYPE_CHECKING:
    import httpcore2

    from common.fetch.network import Deadline

__all__ = ["answer", "deadline", "refusal"]

_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "runjobs",
}


def deadline(seconds: float, monotonic: Callable[[], float]) -> Deadline:
    """When all has to be there. Raises Misconfigured."""
    try:
        from common.fetch.network import Deadline
    except ImportError as error:
        raise Misconfigured("URLs need httpx2: pip install 'runjobs[extract]'.") from error
    return Deadline(seconds, monotonic)


@contextmanager
def answer(  # noqa: PLR0913 - what is asked of whom, and within which bounds
    target: Target,
    guard: Guard,
    deadline: Deadline,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[tuple[int, Mapping[str, str], httpcore2.Response]]:
    """What one server answers; the body is yet to be read, within the block."""
    import httpcore2

    from common.fetch.network import Network

    tls = guard.tls() if guard.tls else None  # then it is the usual one, made where it is needed
    network = Network(guard, deadline)
    lines = _lines(target, headers or {}, body)
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=tls, network_backend=network) as pool,
            pool.stream(method, _url(target), headers=lines, content=body) as response,
        ):
            yield response.status, _plain(response.headers), response
    except httpcore2.TimeoutException:
        raise FetchTimedOut(target.host, deadline.seconds, sent=network.sent) from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise FetchError(target.host, _said(error), sent=network.sent) from None


def refusal(host: str, status: int, headers: Mapping[str, str]) -> ServerBusy | NotFetched:
    """What a status other than 200 says about trying again."""
    if status in {408, 425, 429} or status >= 500:
        return ServerBusy(host, status, asked_wait(headers, None))
    return NotFetched(host, status)


def _lines(target: Target, headers: Mapping[str, str], body: bytes | None) -> list[tuple[str, str]]:
    given = {name.lower() for name in headers}
    ours = {name: text for name, text in _HEADERS.items() if name.lower() not in given}
    length = {} if body is None else {"Content-Length": str(len(body))}
    return [*{"Host": target.netloc, **ours, **headers, **length}.items()]


def _url(target: Target) -> httpcore2.URL:
    """In its parts, which nobody takes apart again."""
    import httpcore2

    return httpcore2.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )


def _plain(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """By names like Retry-After, however they were written."""
    return {name.decode("latin-1").title(): value.decode("latin-1") for name, value in headers}


def _said(error: Exception) -> str:
    import ssl

    if isinstance(error.__context__, ssl.SSLCertVerificationError):
        return "its certificate is not to be trusted"
    return "the connection could not be made, or broke"
