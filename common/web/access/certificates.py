"""The certificates of those who sign identity tokens, fetched seldom.

They are kept for as long as their answer says. A token that names an unknown key has them fetched
again, for keys change; but not at every such token, for anybody can make one up.
"""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from common.clock import SYSTEM, Clock
from common.errors import Misconfigured, Unavailable
from common.runtime.log import Log

if TYPE_CHECKING:
    from common.web.access.signatures import Verifier

__all__ = ["Certificates", "Fetched", "fetched"]

_LEAST, _MOST = 300.0, 86_400.0
"""Seconds that they are kept, whatever their answer says."""
_OTHERWISE = 3_600.0
_AGAIN = 60.0
"""Seconds from one fetch to the next, where that was not enough or failed."""
_STALE = 3_600.0
"""Seconds that they hold beyond their time, while no newer ones can be had."""
_TIMEOUT = 5.0
_BYTES = 1_000_000
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})", re.IGNORECASE)

Fetched = tuple[Mapping[str, str], float | None]
"""Certificates in PEM by key id, and the seconds for which they hold, if that is said."""


class Certificates:
    """The keys at a URL. Safe to share among threads."""

    def __init__(
        self,
        url: str,
        *,
        fetch: Callable[[str], Fetched] | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._url, self._fetch, self._clock = url, fetch or fetched, clock
        self._keys: Mapping[str, Verifier] = {}
        self._until = self._again = float("-inf")
        self._lock = threading.Lock()

    def key(self, id: str) -> Verifier | None:
        """The key of that id, if there is one. Raises Unavailable where that cannot be known."""
        if (found := self._keys.get(id)) and self._clock.monotonic() < self._until:
            return found
        with self._lock:
            now = self._clock.monotonic()
            if now >= self._again and (now >= self._until or id not in self._keys):
                self._again = now + _AGAIN
                self._renew()
            if now >= self._until + _STALE:
                raise Unavailable("The certificates of identity tokens cannot be had.")
            return self._keys.get(id)

    def _renew(self) -> None:
        try:
            found, seconds = self._fetch(self._url)
        except Unavailable as error:
            Log().warning(str(error), action="certificates-unavailable")
            return
        kept = _OTHERWISE if seconds is None else min(max(seconds, _LEAST), _MOST)
        self._keys = _verifiers(found)
        self._until = self._clock.monotonic() + kept


def fetched(url: str) -> Fetched:
    """What is at the URL. Raises Unavailable."""
    if not url.startswith(("https://", "http://")):
        raise Misconfigured(f"RUNJOBS_OIDC_CERTS={url} is no URL: use https://….")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - it is http(s)
            said = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
            found = json.loads(answer.read(_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        reason = type(error).__name__
        raise Unavailable(f"No certificates could be had from {url} ({reason}).") from error
    if not isinstance(found, dict):
        raise Unavailable(f"What is at {url} is no certificates.")
    return found, float(said[1]) if said else None


def _verifiers(found: Mapping[str, str]) -> dict[str, Verifier]:
    """Those that can be read."""
    from google.auth.crypt import RSAVerifier

    keys: dict[str, Verifier] = {}
    for id, certificate in found.items():
        try:
            keys[id] = RSAVerifier.from_string(certificate)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - the library lets out all its parsers' own
            Log().warning(f"A certificate is none: {error}", action="bad-certificate")
    return keys
