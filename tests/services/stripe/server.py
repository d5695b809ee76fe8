"""The stand-in itself."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from tests.services.stripe.faults import Fault
from tests.services.stripe.forms import Params, Refused
from tests.services.stripe.intake import Intake
from tests.services.stripe.summaries import METERS, Summaries
from tests.services.vertex import Answer, Vertex

KEY = "sk_test_4242"
EVENTS = "/v1/billing/meter_events"
SUMMARIES = re.compile(rf"{METERS}/(mtr_[A-Za-z0-9]+)/event_summaries")


@dataclass(kw_only=True)
class Stripe(Intake, Summaries, Vertex):
    """Runs while the block does."""

    faults: deque[Fault | None] = field(default_factory=deque)
    """How the next posts go; None is well."""
    broken_reads: deque[Fault | None] = field(default_factory=deque)
    """The same of what is asked."""
    posts: list[Params] = field(default_factory=list)
    """The params of all posts, also of those that were refused."""
    reads: list[str] = field(default_factory=list)
    """The paths of all that was asked."""

    def __post_init__(self) -> None:
        super().__post_init__()
        Vertex.__init__(self)

    def respond(self, method: str, path: str, params: Params, headers: Mapping[str, str]) -> Answer:
        """Note a call, and say how to answer it."""
        fault = self._fault(method, path, params)
        if fault and not fault.applied:
            return fault.answer
        try:
            self._check_headers(method, headers)
            answer = self._route(method, path, params, headers)
        except Refused as error:
            answer = Answer(status=error.status, body={"error": error.error})
        return fault.answer if fault else answer

    def _fault(self, method: str, path: str, params: Params) -> Fault | None:
        with self._asked:
            if method == "GET":
                self.reads.append(path)
                faults = self.broken_reads
            else:
                self.posts.append(params)
                faults = self.faults
            self._asked.notify_all()
            return faults.popleft() if faults else None

    def _check_headers(self, method: str, headers: Mapping[str, str]) -> None:
        if headers.get("Authorization") != f"Bearer {KEY}":
            raise Refused("Invalid API Key provided: sk_****", 401)
        if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}\.[a-z]+", headers["Stripe-Version"]):
            raise Refused("Invalid Stripe API version")
        if method == "POST":
            if headers["Content-Type"] != "application/x-www-form-urlencoded":
                raise Refused("The body must be form-encoded.")
            if not 0 < len(headers.get("Idempotency-Key") or "") <= 255:
                raise Refused("The stand-in wants a key of idempotency.")

    def _route(self, method: str, path: str, params: Params, headers: Mapping[str, str]) -> Answer:
        if (method, path) == ("POST", EVENTS):
            return self._once(headers["Idempotency-Key"], params)
        if (method, path) == ("GET", METERS):
            return Answer(body=self._list_meters(params))
        if method == "GET" and (found := SUMMARIES.fullmatch(path)):
            return Answer(body=self._summaries(found[1], params))
        raise Refused(f"Unrecognized request URL ({method}: {path}).", 404)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stripe = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._respond("GET", urlsplit(self.path).query)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self._respond("POST", self.rfile.read(length).decode("ascii"))

            def _respond(self, method: str, query: str) -> None:
                pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
                path = urlsplit(self.path).path
                try:
                    stripe._send(self, stripe.respond(method, path, dict(pairs), self.headers))
                except OSError:
                    self.close_connection = True  # the other side did not wait, or was killed

            def log_message(self, *_: object) -> None:
                pass

        return Handler
