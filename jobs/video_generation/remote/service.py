"""A provider's HTTP API, asked through the guarded client: JSON both ways, one call at a time."""

from __future__ import annotations

import json as jsons
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from common.errors import Misconfigured
from common.fetch import Guard, send
from common.genai import brief
from common.visitors import is_loopback
from common.waits import asked_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Answered", "Reply", "Service", "at"]

_MOST = 1_000_000
"""Bytes of an answer; a few thousand are usual."""
_TOLD = 2_000
"""Characters that are looked through for accounts, which takes their square: more is never told."""
_ACCOUNT = re.compile(r"[^\s:@\"'<>(){}]+@[^\s:@\"'<>(){},]+")
"""An address: the account at the provider is the operator's, and no tenant's to know."""


def at(said: Any, *names: str) -> Any:
    """What JSON has there; None where it has nothing."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One answer."""

    status: int
    said: Any
    """Its JSON; None where it is none."""
    message: str
    """What went wrong, as the provider has it: on one line, without our secrets."""
    after: float | None
    """Seconds that it asks us to wait."""

    @property
    def code(self) -> str:
        """The provider's own word for what went wrong; empty where there is none."""
        found = at(self.said, "error", "code")
        return found if isinstance(found, str) else ""


class Answered(Exception):
    """Raised when the status of an answer is not one of success."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"the answer was {reply.status}")
        self.reply = reply


class Service:
    """One API, at one place, as whom the secret says."""

    def __init__(self, base_url: str, *, headers: Mapping[str, str], secret: str) -> None:
        """Raises Misconfigured where asking needs a package that is not there."""
        if find_spec("httpx2") is None:  # here, so that it is found before anything is begun
            raise Misconfigured("Providers need httpx2: pip install 'runjobs[extract]'.")
        self._base, self._headers, self._secret = base_url.rstrip("/"), headers, secret
        self.guard = _guard(base_url)
        """Where it, and the files that it names, may be."""

    def ask(
        self,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        seconds: float,
        check: Callable[[], None] = lambda: None,
    ) -> Reply:
        """A GET, or with `json` a POST, once. Raises Answered, and what `send` raises."""
        status, headers, body = send(
            f"{self._base}{path}",
            method="GET" if json is None else "POST",
            json=json,
            headers=self._headers,
            most=_MOST,
            seconds=seconds,
            check=check,
            guard=self.guard,
        )
        reply = self._read(status, headers, body)
        if not 200 <= status < 300:
            raise Answered(reply)
        return reply

    def told(self, text: object) -> str:
        """What a provider said, as it may be told."""
        start = " ".join(str(text).replace(self._secret, "[secret]").split())[:_TOLD]
        return brief(_ACCOUNT.sub("[account]", start))

    def _read(self, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            said = jsons.loads(body)
        except (ValueError, RecursionError):
            said = None
        problem = _problem(said) or body[:1_000].decode(errors="replace") or "nothing"
        after = asked_wait(headers, None)
        return Reply(status=status, said=said, message=self.told(problem), after=after)


def _problem(said: Any) -> str | None:
    """What an error's JSON says of itself, as these APIs have it."""
    places = (("error", "message"), ("error",), ("message",), ("errMsg",))
    found = (at(said, *names) for names in places)
    return next((text for text in found if isinstance(text, str) and text), None)


def _guard(base_url: str) -> Guard:
    """Public addresses by TLS; or this machine alone, where the API itself is a stand-in on it."""
    parts = urlsplit(base_url)
    if not is_loopback(parts.hostname or ""):
        return Guard(ports=frozenset({443, parts.port or 443}))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    schemes = frozenset({"http", "https"})
    return Guard(schemes=schemes, ports=frozenset({port}), allows=is_loopback)
