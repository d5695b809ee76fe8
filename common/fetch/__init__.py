"""The one client for URLs that params name: it goes to public addresses only, and ends in time.

guard: what may be gone to: schemes, ports, addresses, and how names become addresses
public: an address that anybody on the internet has the same way to; all others are refused, such as
this machine's, its network's, and those where a cloud tells its machines their credentials
"""

from __future__ import annotations

from common.fetch.asking import refusal
from common.fetch.errors import (
    FetchError,
    FetchTimedOut,
    NotFetched,
    RefusedURL,
    ServerBusy,
    TooLarge,
)
from common.fetch.fetched import Fetched
from common.fetch.fetching import fetch
from common.fetch.guard import Guard
from common.fetch.headers import RefusedHeader
from common.fetch.sending import Answer, send, vet

__all__ = [
    "Fetched",
    "Guard",
    "fetch",
    # to send
    "Answer",
    "refusal",
    "send",
    "vet",
    # lasting
    "NotFetched",
    "RefusedHeader",
    "RefusedURL",
    "TooLarge",
    # passing
    "FetchError",
    "FetchTimedOut",
    "ServerBusy",
]
