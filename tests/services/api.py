"""What stand-ins for Google's APIs have in common: JSON over HTTP, and faults on command."""

from __future__ import annotations

import json
import socket
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

STATUS = {
    400: "FAILED_PRECONDITION",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Refused(Exception):
    """What the API answers instead of what was asked for."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Platform(ABC):
    """What answers, and how its next answers go wrong."""

    def __init__(self) -> None:
        self.faults: deque[int | str | None] = deque()
        """An HTTP status; `lost` and `slow` are applied, but their answer does not come or comes
        late; `dropped` is not applied; `malformed` is the answer's fault."""
        self.requests: list[str] = []
        self.late = threading.Event()
        """Set, it lets slow answers go."""

    @abstractmethod
    def answer(self, verb: str, path: str, query: dict[str, str], body: str) -> dict:
        """What is answered to a request. Raises Refused."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: Platform

    def log_message(self, *_: object) -> None: ...

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.platform.requests.append(f"{self.command} {urlsplit(self.path).path}")
        fault = self.platform.faults.popleft() if self.platform.faults else None
        if fault == "dropped":
            self._hang_up()
            return
        status, answer = self._outcome(fault, body)
        if fault == "slow":
            self.platform.late.wait(20)
        if fault == "lost":
            self._hang_up()
            return
        self._send(status, b'{"name": "proj' if fault == "malformed" else answer)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - what http.server calls them

    def _outcome(self, fault: int | str | None, body: str) -> tuple[int, bytes]:
        if isinstance(fault, int):
            return fault, _error(fault, f"{fault} on command.")
        url = urlsplit(self.path)
        try:
            answer = self.platform.answer(self.command, url.path, dict(parse_qsl(url.query)), body)
        except Refused as error:
            return error.code, _error(error.code, str(error))
        return 200, json.dumps(answer).encode()

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _error(code: int, message: str) -> bytes:
    error = {"code": code, "message": message, "status": STATUS[code]}
    return json.dumps({"error": error}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None: ...  # the client has gone away, as some tests do


@contextmanager
def serving(platform: Platform) -> Iterator[str]:
    """Serve while the block does; yields the endpoint."""
    handler = type("Handler", (_Handler,), {"platform": platform})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            platform.late.set()
            server.shutdown()
            thread.join()
