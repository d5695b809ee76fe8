"""Connections to checked addresses only, none of which outlasts the deadline.

The address that was checked is the one that is connected to: looked up once, a name has no second
chance to lead elsewhere. For TLS the name stays what the certificate has to have.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from common.fetch.guard import Guard

__all__ = ["Deadline", "Network"]

_CONNECTING = 20.0
"""Seconds that an address has to answer in: what does not by then will not at all."""
_PIECE = 16_384


class Deadline:
    """When all has to be there."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self.seconds = seconds
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds. Raises httpcore2.ReadTimeout where none are left."""
        left = self._end - self._monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left


class Network(httpcore2.NetworkBackend):
    """Makes connections as a guard allows."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._system = httpcore2.SyncBackend()
        self.sent = False
        """Whether any of a request may have reached a server."""

    def left(self) -> float:
        return self._deadline.left()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is for all
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._guard.addresses(host, port, seconds=self._deadline.left())
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None
        for number, address in enumerate(addresses):
            # Each gets its share of the time, or one that does not answer would use it all.
            share = min(self._deadline.left() / (len(addresses) - number), _CONNECTING)
            try:
                stream = self._system.connect_tcp(address, port, share, None, socket_options)
                return _Stream(stream, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                self._deadline.left()  # if there is none, that is what is to be said
        raise httpcore2.ConnectError

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        raise httpcore2.UnsupportedProtocol


class _Stream(httpcore2.NetworkStream):
    """A connection, each wait for which is as long as there is time at all."""

    def __init__(self, stream: httpcore2.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._network.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._network.sent = True
        # By pieces that fit at once: within one, each wait would have all the time again.
        for begin in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[begin : begin + _PIECE], self._network.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = self._network.left()
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
