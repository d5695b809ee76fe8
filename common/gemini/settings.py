"""Which model is asked, where, how often, and for how long.

GEMINI_API_KEY             the key of the Gemini API
GOOGLE_GENAI_USE_VERTEXAI  true: Gemini is asked on Vertex AI, as the project GOOGLE_CLOUD_PROJECT
GEMINI_LOCATION            of Vertex AI
GEMINI_BASE_URL            where Gemini is, if not at Google's
…_MODEL, …_TIMEOUT, …_PER_MINUTE, …_CONCURRENT  of each kind of model, with the kind's own prefix
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.errors import Misconfigured
from common.genai import Access
from common.genai.settings import base_url, count, name
from common.settings import project_of

__all__ = ["TEXT", "GeminiSettings", "Kind", "has_vertex"]

_LOCATION = "global"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of model: the prefix of its variables, and what holds where they say nothing."""

    prefix: str
    model: str
    timeout: int
    per_minute: int
    concurrent: int


TEXT = Kind(prefix="GEMINI", model="gemini-3.5-flash", timeout=180, per_minute=120, concurrent=20)


@dataclass(frozen=True, kw_only=True, slots=True)
class GeminiSettings:
    """What the variables, or their defaults, say."""

    key: str = ""
    """Of the Gemini API; empty: on Vertex AI."""
    project: str = ""
    """Which pays for Vertex AI."""
    location: str = _LOCATION
    """Of Vertex AI."""
    base_url: str | None = None
    """Where Gemini is, if not at Google's."""
    prefix: str = TEXT.prefix
    """Of the variables that say the rest."""
    model: str = TEXT.model
    timeout: float = TEXT.timeout
    """Seconds for one whole answer."""
    per_minute: int = TEXT.per_minute
    """Questions in any minute, over all containers."""
    concurrent: int = TEXT.concurrent
    """Questions at once, over all containers."""

    @classmethod
    def load(cls, env: Mapping[str, str], kind: Kind = TEXT) -> GeminiSettings:
        """From the environment. Raises Misconfigured naming the variable that is wrong."""
        prefix = kind.prefix
        return cls(
            key=_key(env),
            project=project_of(env),
            location=name(env, "GEMINI_LOCATION", _LOCATION),
            base_url=base_url(env, "GEMINI_BASE_URL"),
            prefix=prefix,
            model=name(env, f"{prefix}_MODEL", kind.model),
            timeout=count(env, f"{prefix}_TIMEOUT", kind.timeout),
            per_minute=count(env, f"{prefix}_PER_MINUTE", kind.per_minute),
            concurrent=count(env, f"{prefix}_CONCURRENT", kind.concurrent),
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


def has_vertex(env: Mapping[str, str]) -> bool:
    """Whether it was said that Gemini is asked on Vertex AI."""
    return env.get("GOOGLE_GENAI_USE_VERTEXAI", "").lower() in {"1", "true"}


def _key(env: Mapping[str, str]) -> str:
    key = "" if has_vertex(env) else env.get("GEMINI_API_KEY", "").strip()
    if not key and not project_of(env):
        raise Misconfigured(
            "Gemini needs GEMINI_API_KEY, or GOOGLE_CLOUD_PROJECT to be asked on Vertex AI; "
            "--provider local needs neither."
        )
    if not key.isascii() or not key.isprintable():
        raise Misconfigured("GEMINI_API_KEY is no key: it has characters that no key has.")
    return key
