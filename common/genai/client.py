"""The client of google-genai. It repeats nothing by itself: whoever asks decides on that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.errors import Misconfigured
from common.visitors import is_loopback

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.genai import Client
    from google.genai.types import HttpOptions

__all__ = ["Access", "connect", "options"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """As whom Google's models are asked, and where."""

    key: str = ""
    """Of the Gemini API; empty: on Vertex AI."""
    project: str = ""
    """Which pays for Vertex AI."""
    location: str = ""
    """Of Vertex AI."""
    base_url: str | None = None
    """Where they are, if not at Google's."""

    @property
    def anonymous(self) -> bool:
        """Whether it is a stand-in on this machine, to which no true token is sent."""
        return self.base_url is not None and is_loopback(urlsplit(self.base_url).hostname or "")


def connect(access: Access, *, timeout: float, whose: str, extra: str) -> Client:
    """A client that waits `timeout` seconds for each byte of an answer.

    Raises Misconfigured, which names who needs google-genai, and the extra that brings it.
    """
    try:
        from google.genai import Client
    except ImportError as error:
        raise Misconfigured(
            f"{whose} needs google-genai: pip install 'runjobs[{extra}]'."
        ) from error
    chosen = options(timeout)
    chosen.base_url = access.base_url
    if access.anonymous:
        chosen.client_args = {"trust_env": False}  # no proxy leads to this machine
    if access.key:
        return Client(vertexai=False, api_key=access.key, http_options=chosen)
    return Client(
        vertexai=True,
        project=access.project,
        location=access.location,
        credentials=_token() if access.anonymous else None,
        http_options=chosen,
    )


def options(seconds: float) -> HttpOptions:
    """How long a read may take; no retry_options, without which nothing is repeated."""
    from google.genai.types import HttpOptions

    return HttpOptions(timeout=max(1, round(1000 * seconds)))  # milliseconds


def _token() -> Credentials:
    # Not AnonymousCredentials: google-genai refreshes what has no token, which these refuse.
    from google.oauth2.credentials import Credentials as Token

    return Token(token="anonymous")  # type: ignore[no-untyped-call]  # noqa: S106
