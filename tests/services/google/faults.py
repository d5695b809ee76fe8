"""How answers go wrong, on command."""

from __future__ import annotations

import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Literal

from tests.services.google.answers import Answer

Manner = Literal[
    "well",
    "reset",
    "lost",
    "garbage",
    "empty",
    "cut",
    "drip",
    "drip-headers",
    "hang",
    "unauthorized",
]
DRIP = 0.02
"""Seconds between two bytes."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """In place of an answer.

    reset: the connection breaks, and nothing was done; lost: all was done, then it breaks;
    garbage, empty: an answer of 200 that is no JSON, after all was done; cut: half of the answer
    comes; drip, drip-headers: it comes a byte at a time, for ever; hang: nothing comes;
    unauthorized: 401, as if the access token had expired. With a status it is that error.
    """

    manner: Manner = "well"
    status: int = 0
    reason: str = "backendError"
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    keep: int | None = None
    """Bytes of the answer that come before it is cut; half of them without."""


class Faults:
    """Those to come, by the id of the method."""

    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = {}
        self.closed = threading.Event()

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._next.setdefault(method, deque()).extend([fault] * times)

    def take(self, method: str) -> Fault:
        found = self._next.get(method)
        return found.popleft() if found else Fault()

    @property
    def left(self) -> int:
        """How many have not come about."""
        return sum(map(len, self._next.values()))

    def send(self, call: BaseHTTPRequestHandler, answer: Answer, fault: Fault) -> None:
        """Send an answer, in the fault's manner."""
        if fault.manner in {"reset", "lost"}:
            _break(call)
        elif fault.manner == "hang":
            self.closed.wait()
            _break(call)
        elif fault.manner == "drip-headers":
            call.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self._drip(call)
        else:
            self._send(call, answer, fault)

    def _send(self, call: BaseHTTPRequestHandler, answer: Answer, fault: Fault) -> None:
        octets = {"garbage": b"<html>\xff", "empty": b""}.get(fault.manner, answer.octets)
        dripping = fault.manner == "drip"
        call.send_response(answer.status)
        for name, value in answer.headers.items():
            call.send_header(name, value)
        if "Content-Type" not in answer.headers:
            call.send_header("Content-Type", "application/json; charset=UTF-8")
        if answer.status != 204:
            call.send_header("Content-Length", str(1 << 30 if dripping else len(octets)))
        call.end_headers()
        if dripping:
            self._drip(call)
        elif fault.manner == "cut":
            keep = len(octets) // 2 if fault.keep is None else fault.keep
            call.wfile.write(octets[:keep])
            call.wfile.flush()
            call.close_connection = True
        else:
            call.wfile.write(octets)

    def _drip(self, call: BaseHTTPRequestHandler) -> None:
        call.close_connection = True
        while not self.closed.wait(DRIP):
            call.wfile.write(b" ")
            call.wfile.flush()


def _break(call: BaseHTTPRequestHandler) -> None:
    """No farewell: the other side is told that the connection is broken."""
    call.close_connection = True
    call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.connection.close()
