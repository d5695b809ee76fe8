"""Why a URL was not fetched. What errors say names its host, and neither its path nor its query, in
which there may be secrets, nor what the host answered."""

from __future__ import annotations

from common.errors import InvalidInput, RunjobsError

__all__ = [
    "FetchError",
    "FetchTimedOut",
    "NotFetched",
    "RefusedURL",
    "ServerBusy",
    "TooLarge",
]


class RefusedURL(InvalidInput):
    """Raised when a URL may not be fetched. No connection was made to where it leads."""

    def __init__(self, host: str, why: str) -> None:
        whose = f" of {host[:100]!r}" if host else ""
        super().__init__(f"The URL{whose} is not fetched: {why}.")
        self.host = host


class NotFetched(InvalidInput):
    """Raised when the server says that it will not, now or later: most of 4xx."""

    def __init__(self, host: str, status: int) -> None:
        super().__init__(f"{host} does not give what the URL names: HTTP status {status}.")
        self.host = host
        self.status = status


class TooLarge(InvalidInput):
    """Raised when there is more than the limit that was set for it."""

    def __init__(self, host: str, most: int) -> None:
        super().__init__(f"{host} gives more than {most:,} bytes, which is the limit for it.")
        self.host = host
        self.most = most


class FetchError(RunjobsError):
    """Raised when fetching failed in a way that may pass: no connection, a cut answer."""

    def __init__(self, host: str, why: str, *, sent: bool = True) -> None:
        super().__init__(f"{host} could not be fetched from: {why}.")
        self.host = host
        self.sent = sent
        """Whether any of the request may have reached the server."""


class FetchTimedOut(FetchError):
    """Raised when it was not all there in time."""

    def __init__(self, host: str, seconds: float, *, sent: bool = True) -> None:
        super().__init__(host, f"not all was there in {seconds:g} s", sent=sent)
        self.seconds = seconds


class ServerBusy(FetchError):
    """Raised when the server cannot now: 408, 425, 429, and 5xx."""

    def __init__(self, host: str, status: int, after: float | None) -> None:
        super().__init__(host, f"it cannot now, HTTP status {status}")
        self.status = status
        self.after = after
        """Seconds to wait at least, where the server said so."""
