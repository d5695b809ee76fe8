"""Which model is asked, where, how often, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.errors import Misconfigured
from common.genai import Access
from common.genai.settings import base_url, count, name
from jobs.extraction.settings import has_vertex, project

__all__ = ["GeminiSettings"]

_MODEL = "gemini-3.5-flash"
_LOCATION = "global"
_TIMEOUT = 180
_PER_MINUTE, _CONCURRENT = 120, 20


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
            location=name(env, "GEMINI_LOCATION", _LOCATION),
            model=name(env, "GEMINI_MODEL", _MODEL),
            base_url=base_url(env, "GEMINI_BASE_URL"),
            timeout=count(env, "GEMINI_TIMEOUT", _TIMEOUT),
            per_minute=count(env, "GEMINI_PER_MINUTE", _PER_MINUTE),
            concurrent=count(env, "GEMINI_CONCURRENT", _CONCURRENT),
        )

    @property
    def on_vertex(self) -> bool:
        """Whether Vertex AI is asked, which reads gs:// itself."""
        return not self.key

    @property
    def access(self) -> Access:
        """As whom Gemini is asked, and where."""
        return Access(
            key=self.key, project=self.project, location=self.location, base_url=self.base_url
        )
