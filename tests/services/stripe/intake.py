"""Meter events as they come: checked, and taken once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from tests.services.stripe.books import Books
from tests.services.stripe.forms import Params, Refused, known, number
from tests.services.stripe.records import Accepted, Kept, Meter
from tests.services.vertex import Answer

UNIQUE = timedelta(hours=24)
PAST, FUTURE = timedelta(days=35), timedelta(minutes=5)


class Intake(Books):
    """POST /v1/billing/meter_events."""

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
