"""A server with pages that change and a webhook, which counts as public in these tests."""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
from collections import deque
from contextlib import contextmanager
from functools import partial

import common.fetch
from common.fetch import Guard
from tests.fetch.peer import Peer, Talk, answering
from tests.fetch.test_send import Taking

__all__ = ["HOST", "Site"]

HOST = "files.example"


class Site:
    """Pages by their paths, and what was sent to it."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.pages: dict[str, bytes] = {}
        self.status: dict[str, str] = {}
        """Of a path that does not just answer with its page."""
        self.asked: list[tuple[str, int]] = []
        """Paths, and the statuses that were answered."""
        self.posted: list[tuple[dict[str, str], bytes]] = []
        """Headers and body, of all that was sent here and heard."""
        self.answers: deque[Talk] = deque()
        """Of the webhook, for the next ones; after them it takes all."""
        self.both = threading.Barrier(1)
        """Passed by whoever asks for a page."""
        self.taking = Taking(self._talk)
        self.peer = Peer(self.taking, tls=tls)

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.peer.port}{path}"

    def page(self, *lines: str, path: str = "/page") -> None:
        """Have the page say this."""
        body = "".join(f"<p>{line}</p>" for line in lines)
        self.pages[path] = f"<html><body><main>{body}</main></body></html>".encode()

    @property
    def announced(self) -> list[dict]:
        return [json.loads(body) for _, body in self.posted]

    def _talk(self, connection, request: bytes) -> None:
        line, headers, body = self.taking.requests[-1]
        method, path, _ = line.split()
        if method == "POST":
            self.posted.append((headers, body))
            talk = self.answers.popleft() if self.answers else answering(b"ok")
        else:
            self.both.wait(10)
            talk = self._page(path.partition("?")[0], headers)
        talk(connection, request)

    def _page(self, path: str, headers: dict[str, str]) -> Talk:
        body, status = self.pages.get(path), self.status.get(path, "200 OK")
        if body is None:
            status = "404 Not Found"
        etag = f'"{hashlib.sha256(body or b"").hexdigest()[:8]}"'
        if status == "200 OK" and headers.get("if-none-match") == etag:
            status = "304 Not Modified"
        self.asked.append((path, int(status[:3])))
        if status[:3] != "200":
            return answering(status=status)
        return answering(body, Content_Type="text/html", ETag=etag)

    @contextmanager
    def public(self, monkeypatch, client: ssl.SSLContext):
        """While it is: nothing else is."""
        with self.peer:
            guard = Guard(
                ports=frozenset({self.peer.port, 443}),
                allows=lambda address: address == "127.0.0.1",
                resolve=lambda host, _: ["127.0.0.1" if host == HOST else "169.254.169.254"],
                tls=lambda: client,
            )
            for name in ("fetch", "send", "vet"):
                plain = getattr(common.fetch, name)
                monkeypatch.setattr(common.fetch, name, partial(plain, guard=guard))
            yield self
