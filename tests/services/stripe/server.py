"""The stand-in itself."""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.services.stripe.faults import Fault
from tests.services.stripe.forms import Params, Refused, known, number, page_of
from tests.services.stripe.records import Accepted, Kept, Meter
from tests.services.vertex import Answer, Vertex

KEY = "sk_test_4242"
UNIQUE = timedelta(hours=24)
PAST, FUTURE = timedelta(days=35), timedelta(minutes=5)
GROUPS = {"hour": 3600, "day": 86_400, None: 60}
EVENTS, METERS = "/v1/billing/meter_events", "/v1/billing/meters"
SUMMARIES = re.compile(rf"{METERS}/(mtr_[A-Za-z0-9]+)/event_summaries")


@dataclass(kw_only=True)
class Stripe(Vertex):
    """Runs while the block does."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    meters: list[Meter] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    """Those that exist; empty: any that looks like one."""
    events: list[Accepted] = field(default_factory=list)
    """What counts, in the order in which it came."""
    faults: deque[Fault | None] = field(default_factory=deque)
    """How the next posts go; None is well."""
    broken_reads: deque[Fault | None] = field(default_factory=deque)
    """The same of what is asked."""
    lag: timedelta = timedelta(0)
    """How long it takes until summaries have what came."""
    posts: list[Params] = field(default_factory=list)
    """The params of all posts, also of those that were refused."""
    reads: list[str] = field(default_factory=list)
    """The paths of all that was asked."""
    keys: list[str] = field(default_factory=list)
    """Of idempotency."""

    def __post_init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._identifiers: dict[str, datetime] = {}
        self._kept: dict[str, Kept] = {}
        self._at_work: Counter[tuple[str, str]] = Counter()

    def meter(self, event_name: str, **options: Any) -> Meter:
        """Set one up."""
        meter = Meter(event_name=event_name, id=f"mtr_{len(self.meters) + 1}", **options)
        self.meters.append(meter)
        return meter

    def total(self, customer: str, event_name: str) -> int:
        """What a customer will be billed for."""
        return sum(
            event.value
            for event in self.events
            if (event.customer, event.event_name) == (customer, event_name)
        )

    def use(self, *, quantity: int, at: datetime, customer: str = "cus_1") -> None:
        """Something that somebody else has reported of the first meter."""
        self.events.append(
            Accepted(
                customer=customer,
                event_name=self.meters[0].event_name,
                value=quantity,
                timestamp=int(at.timestamp()),
                identifier=f"other {len(self.events)}",
                at=self.now(),
            )
        )

    # What is asked.

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

    # Events.

    def _once(self, key: str, params: Params) -> Answer:
        """The answer that this key had before, or a new one."""
        now = self.now()
        with self._lock:
            self.keys.append(key)
            kept = self._kept.get(key)
            if kept and kept.at + UNIQUE > now:
                if kept.params != params:
                    raise Refused("Keys for idempotent requests …", type="idempotency_error")
                if kept.answer is None:
                    raise Refused("There is currently another request …", 409)
                return kept.answer
            kept = self._kept[key] = Kept(params=params, at=now)
        try:
            kept.answer = Answer(body=self._accept(params))
        except Refused as error:
            kept.answer = Answer(status=error.status, body={"error": error.error})
            if error.status == 429:  # as if nothing had come
                del self._kept[key]
        return kept.answer

    def _accept(self, params: Params) -> dict[str, Any]:
        payload = known(params, {"event_name", "identifier", "timestamp"}, {"event_name"})
        meter = self._meter_of(params["event_name"])
        customer, value = self._payload(meter, payload)
        identifier = params.get("identifier", "")
        if not 0 < len(identifier) <= 100:
            raise Refused("The stand-in wants an identifier of at most 100 characters.")
        with self._alone(customer, meter.id):
            return self._accept_one(params, customer, value, identifier)

    def _accept_one(
        self, params: Params, customer: str, value: int, identifier: str
    ) -> dict[str, Any]:
        with self._lock:
            now = self.now()
            timestamp = self._timestamp(params, now)
            since = self._identifiers.get(identifier)
            if since and since + UNIQUE > now:
                raise Refused(f"An event already exists with identifier {identifier}.")
            self._identifiers[identifier] = now
            self.events.append(
                Accepted(
                    customer=customer,
                    event_name=params["event_name"],
                    value=value,
                    timestamp=timestamp,
                    identifier=identifier,
                    at=now,
                )
            )
        return {
            "object": "billing.meter_event",
            "created": int(now.timestamp()),
            "event_name": params["event_name"],
            "identifier": identifier,
            "livemode": False,
            "payload": {"stripe_customer_id": customer, "value": str(value)},
            "timestamp": timestamp,
        }

    def _meter_of(self, event_name: str) -> Meter:
        for meter in self.meters:
            if meter.event_name == event_name and meter.status == "active":
                return meter
        raise Refused(f"No active meter found for event name {event_name}.", code="no_meter")

    def _payload(self, meter: Meter, payload: Params) -> tuple[str, int]:
        customer = payload.get(f"payload[{meter.customer_key}]", "")
        value = payload.get(f"payload[{meter.value_key}]", "")
        if not customer.startswith("cus_") or (self.customers and customer not in self.customers):
            raise Refused(f"No such customer: '{customer}'", code="resource_missing")
        if not re.fullmatch(r"[1-9][0-9]*", value):
            raise Refused("The value must be a positive whole number.", param="payload[value]")
        return customer, int(value)

    def _timestamp(self, params: Params, now: datetime) -> int:
        timestamp = number(params, "timestamp", round(now.timestamp()))
        if timestamp < (now - PAST).timestamp():
            raise Refused("Too old.", code="timestamp_too_far_in_past", param="timestamp")
        if timestamp > (now + FUTURE).timestamp():
            raise Refused("In the future.", code="timestamp_in_future", param="timestamp")
        return timestamp

    @contextmanager
    def _alone(self, customer: str, meter: str) -> Iterator[None]:
        key = customer, meter
        with self._lock:
            self._at_work[key] += 1
            alone = self._at_work[key] == 1
        try:
            if not alone:
                raise Refused("Another call is under way.", 429, code="lock_timeout")
            yield
        finally:
            with self._lock:
                self._at_work[key] -= 1

    # Meters and summaries.

    def _list_meters(self, params: Params) -> dict[str, Any]:
        known(params, {"status", "limit", "starting_after"}, set())
        found = [each for each in self.meters if each.status == params.get("status", each.status)]
        return page_of(METERS, [each.json() for each in found], params)

    def _summaries(self, id: str, params: Params) -> dict[str, Any]:
        needed = {"customer", "start_time", "end_time"}
        known(params, {*needed, "value_grouping_window", "limit", "starting_after"}, needed)
        meter = next((each for each in self.meters if each.id == id), None)
        if meter is None:
            raise Refused(f"No such meter: '{id}'", 404, code="resource_missing")
        window = params.get("value_grouping_window")
        start, end = number(params, "start_time", 0), number(params, "end_time", 0)
        if window not in GROUPS or start % GROUPS[window] or end % GROUPS[window] or start >= end:
            raise Refused("The times must be aligned with the window's boundaries.")
        size = (end - start) if window is None else GROUPS[window]
        found = self._grouped(meter, params["customer"], start, end, size)
        data = [
            {
                "id": f"mtrusg_{begin}",
                "object": "billing.meter_event_summary",
                "aggregated_value": float(value),
                "start_time": begin,
                "end_time": begin + size,
                "livemode": False,
                "meter": id,
            }
            for begin, value in sorted(found.items(), reverse=True)
        ]
        return page_of(f"{METERS}/{id}/event_summaries", data, params)

    def _grouped(
        self, meter: Meter, customer: str, start: int, end: int, size: int
    ) -> Counter[int]:
        found: Counter[int] = Counter()
        seen = self.now() - self.lag
        for event in [*self.events]:
            same = (event.customer, event.event_name) == (customer, meter.event_name)
            if same and start <= event.timestamp < end and event.at <= seen:
                begin = start + (event.timestamp - start) // size * size
                found[begin] += 1 if meter.formula == "count" else event.value
        return found

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
