"""A stand-in for Vertex AI that speaks what Veo takes of its HTTP, and answers as it is told to.

The paths and bodies are those that google-genai 3.4 sends and reads:
POST /v1beta1/projects/P/locations/L/publishers/google/models/M:predictLongRunning → {"name"}
POST /v1beta1/…/models/M:fetchPredictOperation {"operationName"} → {"name", "done", …}
"""

from __future__ import annotations

import base64
import json
import re
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

MODEL = re.compile(
    r"/v1beta1/(projects/[^/]+/locations/[^/]+/publishers/google/models/[^/:]+)"
    r":(predictLongRunning|fetchPredictOperation)"
)
DRIP = 0.02
"""Seconds between two bytes of a dripping answer."""


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


RUNNING = Answer(body={"name": "an operation"})
NOTHING = Answer(body={})
GARBAGE = Answer(body=b"<html>\xff not JSON")
CUT = Answer(body={"name": "an operation", "done": True}, manner="cut")
DRIPPING = Answer(body=b" " * 10_000, manner="drip")
HANGING = Answer(manner="hang")
RESET = Answer(manner="reset")


def refused(status: int, message: str = "no", *, details: Any = None, **headers: str) -> Answer:
    """An error as Google's APIs answer it; headers are named with underscores."""
    error = {"code": status, "message": message, "status": "SAID_SO", "details": details or []}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body={"error": error}, headers=named)


def done(**response: Any) -> Answer:
    """An operation that succeeded with this response."""
    return Answer(body={"name": "an operation", "done": True, "response": response})


def made(video: bytes) -> Answer:
    """One that made a video, given in the answer itself."""
    inline = {"bytesBase64Encoded": base64.b64encode(video).decode(), "mimeType": "video/mp4"}
    return done(videos=[inline])


def failed(code: int, message: str = "no", **more: Any) -> Answer:
    """An operation that failed, with a code of google.rpc.Code."""
    error = {"code": code, "message": message, **more}
    return Answer(body={"name": "an operation", "done": True, "error": error})


class Vertex:
    """Runs while the block does. Calls take the next scripted answer; without one, a create begins
    an operation and a look finds it running."""

    def __init__(self) -> None:
        self.on_create: deque[Answer] = deque()
        self.on_look: deque[Answer] = deque()
        self.always: Answer = RUNNING
        """What a look finds when no answer is scripted."""
        self.creates: list[dict[str, Any]] = []
        """The bodies of all creates, also of those that were refused."""
        self.looks: list[str] = []
        """The operations' names that were asked for."""
        self.tokens: set[str] = set()
        self._closed = threading.Event()
        self._asked = threading.Condition()
        self._unasked: str | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Vertex:
        serve = {"poll_interval": 0.01}
        threading.Thread(target=self._server.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, *, creates: int = 0, looks: int = 0, seconds: float = 20) -> None:
        """Wait until so many calls have come in, at least, or until no more are to come."""

        def came() -> bool:
            return len(self.creates) >= creates and len(self.looks) >= looks

        with self._asked:
            self._asked.wait_for(lambda: came() or self._unasked is not None, seconds)
        counts = f"{len(self.creates)} creates, {len(self.looks)} looks"
        assert came(), f"after {seconds} s at most: {counts}\n{self._unasked}"

    def expect_no_more(self, why: str) -> None:
        """Have nobody wait for calls of a client that has ended."""
        with self._asked:
            self._unasked = why
            self._asked.notify_all()

    def answer(self, path: str, body: dict[str, Any], token: str) -> Answer:
        """Note a call, and say how to answer it."""
        found = MODEL.fullmatch(path)
        if found is None:
            return refused(404, f"The stand-in has nothing at {path}")
        with self._asked:
            self.tokens.add(token)
            answer = (
                self._create(found[1], body)
                if found[2] == "predictLongRunning"
                else self._look(body)
            )
            self._asked.notify_all()
        return answer

    def _create(self, model: str, body: dict[str, Any]) -> Answer:
        self.creates.append(body)
        name = f"{model}/operations/{len(self.creates)}"
        return self.on_create.popleft() if self.on_create else Answer(body={"name": name})

    def _look(self, body: dict[str, Any]) -> Answer:
        self.looks.append(body["operationName"])
        return self.on_look.popleft() if self.on_look else self.always

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        vertex = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = vertex.answer(self.path, body, self.headers["Authorization"] or "")
                try:
                    vertex._send(self, answer)
                except OSError:
                    self.close_connection = True  # the other side did not wait, or was killed

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _send(self, call: BaseHTTPRequestHandler, answer: Answer) -> None:
        call.close_connection = answer.manner != "whole"
        if answer.manner in {"hang", "reset"}:
            self._send_nothing(call, answer)
            return
        call.send_response_only(answer.status)
        for name, value in answer.headers.items():
            call.send_header(name, value)
        call.send_header("Content-Type", "application/json")
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
