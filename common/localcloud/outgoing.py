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
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

__all__ = ["Answer", "HttpSender", "Outgoing", "Sender"]

_ENOUGH = 1024 * 1024
"""Bytes of an answer's body that are read; nobody looks at them."""
_CODES = {
    "OK": 0,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""Of HTTP's status, as google/rpc/code.proto has them."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of it."""

    status: int = 0
    """Of HTTP; 0 where there was no answer."""
    headers: dict[str, str] = field(default_factory=dict)
    """With names like Retry-After, however they were written."""
    problem: str = ""
    """Why there was no answer: the name of a code of google.rpc."""

    @property
    def good(self) -> bool:
        """Whether the request was taken."""
        return 200 <= self.status < 300

    @property
    def slower(self) -> bool:
        """Whether it asks for fewer requests."""
        return self.status in {429, 503}

    @property
    def rpc(self) -> dict[str, object]:
        """As a google.rpc.Status; an empty one for a good answer."""
        if self.good:
            return {}
        name = self.problem or _NAMES.get(self.status) or _family(self.status)
        said = f"HTTP status code {self.status}" if self.status else "there was no answer"
        return {"code": _CODES[name], "message": f"{name}({_CODES[name]}): {said}"}


def _family(status: int) -> str:
    return {4: "FAILED_PRECONDITION", 5: "INTERNAL"}.get(status // 100, "UNKNOWN")


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
    response = connection.getresponse()
    response.read(_ENOUGH)
    told = {name.title(): value for name, value in response.headers.items()}
    return Answer(status=response.status, headers=told)
