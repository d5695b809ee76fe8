"""The calls that Stripe takes, through its own library, each bounded as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from common.errors import Misconfigured
from common.genai.pending import Pending
from common.visitors import is_loopback
from jobs.stripe_usage_reconciliation.meters import Meter

if TYPE_CHECKING:
    from stripe import HTTPClient, StripeClient

    from common.data.usage import UsageEvent
    from jobs.stripe_usage_reconciliation.settings import StripeSettings

__all__ = ["Api", "Wrong"]

T = TypeVar("T")

CONNECT, READ = 5.0, 20.0
"""Seconds until a connection stands; seconds between two bytes of an answer."""
LIMIT = 30.0
"""Seconds in which an answer is there as a whole."""
_PAGE = 100


class Wrong(ValueError):
    """Raised when an answer is not what was asked for."""


class Api:
    """Stripe, as one account. It repeats nothing by itself. Safe to share among threads."""

    def __init__(self, settings: StripeSettings, check: Callable[[], None]) -> None:
        self._check = check
        self._client = _client(settings)

    def send(self, meter: Meter, event: UsageEvent, identifier: str) -> None:
        """Report usage. Its library makes a key of idempotency for each call: by one that stays the
        same Stripe would give again the answer 500 that it gave once."""
        payload = {meter.customer_key: event.customer, meter.value_key: str(event.quantity)}
        answer = self._ask(
            lambda: self._client.v1.billing.meter_events.create(
                {
                    "event_name": meter.event_name,
                    "payload": payload,
                    "identifier": identifier,
                    "timestamp": int(event.at.timestamp()),
                }
            )
        )
        if getattr(answer, "identifier", None) != identifier:
            raise Wrong("the answer is of no meter event, or of another one")

    def meters(self) -> Iterator[Meter]:
        """The active ones."""
        listed: Any = self._client.v1.billing.meters.list
        status = {"status": "active"}
        for each in self._pages(lambda more: listed(status | more)):
            yield Meter(
                id=each.id,
                event_name=each.event_name,
                formula=each.default_aggregation.formula,
                customer_key=each.customer_mapping.event_payload_key,
                value_key=each.value_settings.event_payload_key,
                replaces=each.event_time_window or "",
            )

    def sums(
        self, meter: Meter, *, customer: str, start: int, end: int, window: str | None = None
    ) -> Iterator[tuple[int, float]]:
        """What a meter has of a customer, from second to second since 1970: from when each sum is,
        and the sum. `window` is hour or day; without one they are all of one."""
        listed: Any = self._client.v1.billing.meters.event_summaries.list
        asked: dict[str, Any] = {"customer": customer, "start_time": start, "end_time": end}
        if window:
            asked["value_grouping_window"] = window
        for each in self._pages(lambda more: listed(meter.id, asked | more)):
            yield each.start_time, each.aggregated_value

    def _pages(self, listed: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
        more: dict[str, Any] = {"limit": _PAGE}
        while True:
            page = self._ask(partial(listed, more))
            yield from page.data
            if not page.has_more:
                return
            more = {**more, "starting_after": page.data[-1].id}

    def _ask(self, call: Callable[[], T]) -> T:
        return Pending(call).result(LIMIT, self._check)


def _client(settings: StripeSettings) -> StripeClient:
    try:
        from stripe import StripeClient
    except ImportError as error:
        raise Misconfigured(
            "Stripe's library is missing: pip install 'runjobs[billing]'."
        ) from error
    where = {"api": settings.base_url} if settings.base_url else {}
    return StripeClient(
        settings.key,
        base_addresses=where,  # type: ignore[arg-type]
        max_network_retries=0,
        http_client=_http_client(settings),
    )


def _http_client(settings: StripeSettings) -> HTTPClient:
    """Connections that all threads share."""
    from requests import Session
    from requests.adapters import HTTPAdapter
    from stripe import RequestsClient

    session = Session()
    if is_loopback(urlsplit(settings.base_url or "").hostname or ""):
        session.trust_env = False  # no proxy leads to this machine
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=settings.concurrent))
    return RequestsClient(timeout=(CONNECT, READ), session=session)
