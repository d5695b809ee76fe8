"""A stand-in for a provider of videos: a server on a thread that checks what it is asked against
the provider's documentation, and answers as it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

DRIP = 0.02
"""Seconds between two bytes of a dripping answer."""
FILE = "/files/video.mp4"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, and how it goes over the wire."""

    body: Any = b""
    """Bytes, or what is sent as JSON."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    manner: Literal["whole", "cut", "drip", "hang", "reset"] = "whole"
    """`cut` ends half-way, `hang` never begins, `reset` is no answer at all."""

    @property
    def octets(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


GARBAGE = Answer(body=b"<html>\xff not JSON")
EMPTY = Answer(body={})
CUT = Answer(body={"video_status": 1, "data": {"status": "completed"}}, manner="cut")
DRIPPING = Answer(body=b" " * 10_000, manner="drip")
HANGING = Answer(manner="hang")
RESET = Answer(manner="reset")
"""As an answer to a create it is the one that is lost: the create itself is counted, and done."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What came in."""

    method: str
    path: str
    headers: dict[str, str]
    """By names in lower case."""
    body: Any
    """Its JSON; None where there was none."""


class StandIn:
    """Runs while the block does. Calls take the next scripted answer; without one, a create begins
    an operation, and a look finds what is `always` to be found."""

    def __init__(self, film: bytes = b"") -> None:
        self.on_create: deque[Answer] = deque()
        self.on_look: deque[Answer] = deque()
        self.on_file: deque[Answer] = deque()
        self.always: Answer | None = None
        """What a look finds when no answer is scripted; None: the operation is under way."""
        self.creates: list[dict[str, Any]] = []
        """The bodies of all creates, also of those that were refused."""
        self.looks: list[str] = []
        """The operations that were asked for."""
        self.fetches = 0
        self.wrong: list[str] = []
        """What was asked otherwise than documented: it was answered with 400."""
        self.film = film
        self._closed, self._asked = threading.Event(), threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def video(self) -> str:
        """Where the film is."""
        return f"{self.url}{FILE}?token=signed"

    def __enter__(self) -> StandIn:
        serve = {"poll_interval": 0.01}
        threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, *, creates: int = 0, looks: int = 0, seconds: float = 20) -> bool:
        """Wait until so many calls have come in, at least."""

        def came() -> bool:
            return len(self.creates) >= creates and len(self.looks) >= looks

        with self._asked:
            return self._asked.wait_for(came, seconds)

    # --- what a provider's own stand-in says

    def problems(self, call: Call) -> list[str]:
        """What is not as documented."""
        raise NotImplementedError

    def begun(self, call: Call, number: int) -> Answer:
        """The answer to a create that begins operation `number`."""
        raise NotImplementedError

    def running(self, path: str) -> Answer:
        """The answer to a look at an operation that is under way."""
        raise NotImplementedError

    def denied(self, status: int, message: str) -> Answer:
        """An error, as the provider has it."""
        raise NotImplementedError

    # --- how it is answered

    def answer(self, call: Call) -> Answer:
        """Note a call, and say how to answer it."""
        if call.path.partition("?")[0] == FILE:
            self.fetches += 1
            return self.on_file.popleft() if self.on_file else Answer(body=self.film)
        with self._asked:
            found = self._checked(call)
            self._asked.notify_all()
        return found

    def _checked(self, call: Call) -> Answer:
        if problems := self.problems(call):
            self.wrong += problems
            return self.denied(400, "; ".join(problems))
        if call.method == "POST":
            self.creates.append(call.body)
            begun = self.begun(call, len(self.creates))
            return self.on_create.popleft() if self.on_create else begun
        self.looks.append(call.path)
        if self.on_look:
            return self.on_look.popleft()
        return self.running(call.path) if self.always is None else self.always

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._do(None)

            def do_POST(self) -> None:
                self._do(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def _do(self, body: Any) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                call = Call(method=self.command, path=self.path, headers=headers, body=body)
                try:
                    standin._send(self, standin.answer(call))
                except OSError:
                    self.close_connection = True  # the other side did not wait, or was killed

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _send(self, call: BaseHTTPRequestHandler, answer: Answer) -> None:
        call.close_connection = True
        if answer.manner in {"hang", "reset"}:
            self._send_nothing(call, answer)
            return
        call.send_response_only(answer.status)
        for name, value in answer.headers.items():
            call.send_header(name, value)
        call.send_header("Content-Length", str(len(answer.octets)))
        call.end_headers()
        self._send_body(call, answer)

    def _send_nothing(self, call: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.manner == "hang":
            self._closed.wait()
        # No farewell: the other side is told that the connection is broken.
        call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        call.connection.close()

    def _send_body(self, call: BaseHTTPRequestHandler, answer: Answer) -> None:
        octets = answer.octets
        if answer.manner == "drip":
            for octet in octets:
                call.wfile.write(bytes([octet]))
                if self._closed.wait(DRIP):
                    return
        call.wfile.write(octets[: len(octets) // 2] if answer.manner == "cut" else octets)


def misses(body: Any, fields: dict[str, Any], *, required: tuple[str, ...]) -> list[str]:
    """Where a body is not as documented: `fields` are the values that each may have, its type, or a
    test of it."""
    if not isinstance(body, dict):
        return ["the body is no JSON object"]
    unknown = [f"there is no field {name}" for name in body if name not in fields]
    missing = [f"{name} is required" for name in required if name not in body]
    return [
        *unknown,
        *missing,
        *(f"{n} is {v!r}" for n, v in body.items() if not _fits(n, v, fields)),
    ]


def _fits(name: str, value: Any, fields: dict[str, Any]) -> bool:
    rule = fields.get(name)
    if rule is None:
        return True  # which is told already
    if isinstance(rule, type):
        return type(value) is rule
    return bool(rule(value)) if callable(rule) else type(value) is type(rule[0]) and value in rule
