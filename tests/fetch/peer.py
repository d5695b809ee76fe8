"""Servers that answer as they are told to, and count who came."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

Talk = Callable[[socket.socket, bytes], None]
"""What a server does with a connection when it has read a request's headers."""


class Peer:
    """Listens while the block does."""

    def __init__(
        self,
        talk: Talk | None = None,
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.talk: Talk = talk or answering(b"hello")
        self.connections = 0
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        """Whom clients wanted to speak to, by TLS."""
        self.closed = threading.Event()
        self._tls = tls
        if tls is not None:
            tls.sni_callback = lambda _, name, __: self.names.append(name)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Peer:
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                request = _read(connection)
                self.requests.append(request)
                self.talk(connection, request)


def _read(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found and (part := connection.recv(65536)):
        found += part
    return found


def answering(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> Talk:
    """A whole answer; headers are named with underscores."""
    named = {"Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return raw("\r\n".join(lines).encode("latin-1") + body)


def raw(octets: bytes) -> Talk:
    """Just these bytes, and the end."""
    return lambda connection, _: connection.sendall(octets)


def redirecting(*locations: str, status: str = "302 Found") -> Talk:
    """Leads on to the next one each time, then says hello."""
    left = [*locations]

    def talk(connection: socket.socket, request: bytes) -> None:
        there = {"Location": left.pop(0)} if left else {}
        answering(b"hello", status=status if there else "200 OK", **there)(connection, request)

    return talk


@contextlib.contextmanager
def dripping(beginning: bytes = b"") -> Iterator[Talk]:
    """Sends a byte now and then for as long as the block lasts."""
    over = threading.Event()

    def talk(connection: socket.socket, _: bytes) -> None:
        connection.sendall(beginning)
        while not over.wait(0.02):
            connection.sendall(b"x")

    yield talk
    over.set()
