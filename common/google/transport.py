"""HTTP that ends in time, however slowly the other side speaks.

A socket's timeout bounds the wait for the next byte: a peer that sends one a second holds a reader
for ever. Here each read and each write gets what is left of the whole.
"""

from __future__ import annotations

import io
import logging
import math
import socket
from collections.abc import Callable
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from common.fetch.resolve import in_time, resolve

__all__ = ["BoundedAdapter", "Limit", "prepare"]

_PIECE = 1 << 16


def _has_no_session(record: logging.LogRecord) -> bool:
    """Whoever has the address of an upload's session can write the file: it is not logged."""
    return "upload_id" not in record.getMessage()


logging.getLogger("urllib3.connectionpool").addFilter(_has_no_session)


class Limit:
    """Until when one thread's calls may take; set before each."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.end = math.inf

    def left(self) -> float:
        """Seconds, at least a little. Raises TimeoutError where none are left."""
        left = self.end - self._monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return min(left, 3600.0)


class BoundedAdapter(HTTPAdapter):
    """Like the one that requests comes with, within a limit and without tries of its own."""

    def __init__(self, limit: Limit) -> None:
        self._pools = _pools(limit)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def prepare(session: Any, limit: Limit, *, trust_env: bool) -> None:
    """Have a session of requests keep within a limit, keep no cookies, and be led nowhere. Of the
    environment it takes proxies and authorities, if at all, and never passwords."""
    session.trust_env = trust_env
    session.auth = _as_it_is  # or requests would take a user and password of ~/.netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Also where redirects are not followed it looks at where they lead, and stumbles over nonsense.
    session.get_redirect_target = _nowhere
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter(limit))


def _as_it_is(request: Any) -> Any:
    return request


def _nowhere(_response: Any) -> None:
    return None


def _pools(limit: Limit) -> dict[str, type[HTTPConnectionPool]]:
    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, limit)

        def connect(self) -> None:
            super().connect()
            self.sock = _Socket(self.sock, limit)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, limit)

        def connect(self) -> None:
            super().connect()
            self.sock = _Socket(self.sock, limit)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    return {"http": HttpPool, "https": HttpsPool}


def _connected(connection: HTTPConnection, limit: Limit) -> socket.socket:
    """A connection to one of the host's addresses; all of them together have what time is left."""
    failure: Exception = OSError("no address")
    try:
        found = in_time(resolve, connection.host, connection.port or 0, seconds=limit.left())
        for number, address in enumerate(found):
            share = limit.left() / (len(found) - number)
            try:
                return create_connection(
                    (address, connection.port or 0),
                    share,
                    socket_options=connection.socket_options,
                )
            except OSError as error:
                failure = error
    except (OSError, UnicodeError) as error:
        failure = error
    raise NewConnectionError(connection, type(failure).__name__)


class _Socket:
    """A connected socket; what reads and writes it is bounded."""

    def __init__(self, sock: Any, limit: Limit) -> None:
        self._sock: socket.socket = sock
        self._limit = limit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._limit))

    def sendall(self, data: Any) -> None:
        view = memoryview(data)
        for begin in range(0, len(view), _PIECE):
            self._sock.settimeout(self._limit.left())
            self._sock.sendall(view[begin : begin + _PIECE])


class _Reader(io.RawIOBase):
    """What comes in. It holds the socket open until it is closed, as its own files do."""

    def __init__(self, sock: socket.socket, limit: Limit) -> None:
        self._sock = sock
        self._limit = limit
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._limit.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        with suppress(OSError):
            self._raw.close()
        super().close()
