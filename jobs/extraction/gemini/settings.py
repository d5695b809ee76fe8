"""Which model is asked, where, how often, and for how long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from common.errors import Misconfigured
from jobs.extraction.settings import has_vertex, project

__all__ = ["GeminiSettings"]

_MODEL = "gemini-3.5-flash"
_LOCATION = "global"
_TIMEOUT = 180
_PER_MINUTE, _CONCURRENT = 120, 20
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GeminiSettings:
    """What the GEMINI_… variables, or their defaults, say."""

    key: str = ""
    """Of the Gemini API; empty: on Vertex AI."""
    project: str = ""
    """Which pays for Vertex AI."""
    location: str = _LOCATION
    """Of Vertex AI."""
    model: str = _MODEL
    base_url: str | None = None
    """Where Gemini is, if not at Google's."""
    timeout: float = _TIMEOUT
    """Seconds for one whole answer."""
    per_minute: int = _PER_MINUTE
    """Questions in any minute, over all containers."""
    concurrent: int = _CONCURRENT
    """Questions at once, over all containers."""

    @classmethod
    def load(cls, env: Mapping[str, str]) -> GeminiSettings:
        """From the environment. Raises Misconfigured naming the variable that is wrong."""
        key = "" if has_vertex(env) else env.get("GEMINI_API_KEY", "").strip()
        if not key and not project(env):
            raise Misconfigured(
                "Gemini needs GEMINI_API_KEY, or GOOGLE_CLOUD_PROJECT to be asked on Vertex AI; "
                "--provider local needs neither."
            )
        if not key.isascii() or not key.isprintable():
            raise Misconfigured("GEMINI_API_KEY is no key: it has characters that no key has.")
        return cls(
            key=key,
            project=project(env),
            location=_name(env, "GEMINI_LOCATION", _LOCATION),
            model=_name(env, "GEMINI_MODEL", _MODEL),
            base_url=_base_url(env.get("GEMINI_BASE_URL") or None),
            timeout=_count(env, "GEMINI_TIMEOUT", _TIMEOUT),
            per_minute=_count(env, "GEMINI_PER_MINUTE", _PER_MINUTE),
            concurrent=_count(env, "GEMINI_CONCURRENT", _CONCURRENT),
        )

    @property
    def on_vertex(self) -> bool:
        """Whether Vertex AI is asked, which reads gs:// itself."""
        return not self.key

    @property
    def anonymous(self) -> bool:
        """Whether Gemini is a stand-in on this machine, to which no true token is sent."""
        return self.base_url is not None and urlsplit(self.base_url).hostname in _LOOPBACK


def _name(env: Mapping[str, str], variable: str, default: str) -> str:
    value = env.get(variable) or default
    # Both become part of the URL: what does not belong there is refused before anything is sent.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]*", value) or ".." in value:
        raise Misconfigured(f"{variable}={value!r} is not a name, such as {default}.")
    return value


def _base_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    ):
        raise Misconfigured(
            f"GEMINI_BASE_URL={url!r} must begin with https://, since a key is sent there; "
            "http:// is for this machine alone."
        )
    return url


def _count(env: Mapping[str, str], variable: str, default: int) -> int:
    text = env.get(variable) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise Misconfigured(f"{variable}={text!r} is not a number from 1 on, such as {default}.")
    return int(text)
