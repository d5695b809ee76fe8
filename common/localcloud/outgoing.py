"""HTTP calls that the local cloud makes, for tasks and schedules.

Whatever is called at *.googleapis.com is this local cloud itself. A deadline holds for the whole
answer, and not, as a socket's timeout does, for each piece of it. Redirects are answers like any
other: they are not followed.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from common.localcloud.answers import Answer

__all__ = ["HttpSender", "Outgoing", "Sender"]

_ENOUGH = 1024 * 1024
"""Bytes of an answer's body that are read; nobody looks at them."""
_SLACK = 1.0
"""Seconds after the deadline until a socket gives up by itself, which while it connects is all."""
_PATH = "%/?:@!$&'()*+,;=~[]"
"""What of a path and a query stays as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A request to be made."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    deadline: float
    """Seconds until the answer has to be there."""


Sender = Callable[[Outgoing], Answer]


class HttpSender:
    """Makes requests over the network."""

    def __init__(self, own: Callable[[], str]) -> None:
        self._own = own
        """Tells where this local cloud answers; nothing while it does not."""

    def __call__(self, out: Outgoing) -> Answer:
        """Make one, and wait for its answer."""
        place = urlsplit(out.url)
        try:
            connection = self._connection(place, out.deadline)
        except OSError:
            return Answer(problem="UNAVAILABLE")
        cut = _Cut(connection, out.deadline)
        try:
            with cut:
                answer = _answered(connection, place, out)
        except (OSError, http.client.HTTPException, ValueError):
            answer = Answer(problem="UNAVAILABLE")
        # What was cut off may look like an answer.
        return Answer(problem="DEADLINE_EXCEEDED") if cut.happened else answer

    def _connection(self, place: SplitResult, deadline: float) -> http.client.HTTPConnection:
        host, seconds = place.hostname or "", deadline + _SLACK
        if host == "googleapis.com" or host.endswith(".googleapis.com"):
            if not (own := self._own()):
                raise OSError("The local cloud does not answer over HTTP.")
            at = urlsplit(own)
            return http.client.HTTPConnection(at.hostname or "", at.port, timeout=seconds)
        if place.scheme == "https":
            return http.client.HTTPSConnection(host, place.port, timeout=seconds)
        return http.client.HTTPConnection(host, place.port, timeout=seconds)


class _Cut:
    """Ends a connection when its time is over."""

    def __init__(self, connection: http.client.HTTPConnection, seconds: float) -> None:
        self.happened = False
        self._connection = connection
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connection.close()

    def _cut(self) -> None:
        self.happened = True
        with suppress(OSError, AttributeError):  # it may not be connected, or not any more
            self._connection.sock.shutdown(2)


def _answered(connection: http.client.HTTPConnection, place: SplitResult, out: Outgoing) -> Answer:
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    path = quote(path, safe=_PATH)
    connection.putrequest(out.method, path, skip_host=True, skip_accept_encoding=True)
    headers = {"Host": place.netloc.rpartition("@")[2], "Connection": "close", **out.headers}
    if out.body or out.method in {"POST", "PUT", "PATCH"}:
        headers["Content-Length"] = str(len(out.body))
    for name, value in headers.items():
        connection.putheader(name, value.encode())
    connection.endheaders(out.body or None)
    with connection.getresponse() as response:
        response.read(_ENOUGH)
    told = {name.title(): value for name, value in response.headers.items()}
    return Answer(status=response.status, headers=told)
