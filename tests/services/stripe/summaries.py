"""What is told of meters and of what they have."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.services.stripe.books import Books
from tests.services.stripe.forms import Params, Refused, known, number, page_of
from tests.services.stripe.records import Meter

GROUPS = {"hour": 3600, "day": 86_400, None: 60}
METERS = "/v1/billing/meters"


class Summaries(Books):
    """GET /v1/billing/meters, and the summaries of each."""

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
