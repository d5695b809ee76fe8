"""Which model is asked, where, and for how long."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VeoSettings"]

MODEL = "veo-3.1-fast-generate-001"
LOCATION = "us-central1"
MAX_WAIT = 900.0
# What is said of a project without a raised quota; Google's pages and others' do not agree.
PER_MINUTE, CONCURRENT = 50, 10
LOOKS_PER_MINUTE = 600
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, kw_only=True, slots=True)
class VeoSettings:
    """What the VEO_… variables, or their defaults, say."""

    project: str
    location: str = LOCATION
    model: str = MODEL
    base_url: str | None = None
    """Where Vertex is, if not at Google's."""
    max_wait: float = MAX_WAIT
    """Seconds that an operation may take, by server time."""
    per_minute: int = PER_MINUTE
    """Creates in any minute, over all containers."""
    concurrent: int = CONCURRENT
    """Operations under way, over all containers."""
    looks_per_minute: int = LOOKS_PER_MINUTE
    """Looks at operations, over all containers."""

    @classmethod
    def load(cls, env: Mapping[str, str]) -> VeoSettings:
        """From the environment. Raises Misconfigured naming the variable that is wrong."""
        return cls(
            project=_project(env),
            location=_name(env, "VEO_LOCATION", env.get("CLOUD_RUN_REGION") or LOCATION),
            model=_name(env, "VEO_MODEL", MODEL),
            base_url=_base_url(env.get("VEO_BASE_URL") or None),
            max_wait=_seconds(env, "VEO_MAX_WAIT", MAX_WAIT),
            per_minute=_count(env, "VEO_PER_MINUTE", PER_MINUTE),
            concurrent=_count(env, "VEO_CONCURRENT", CONCURRENT),
            looks_per_minute=_count(env, "VEO_LOOKS_PER_MINUTE", LOOKS_PER_MINUTE),
        )

    @property
    def anonymous(self) -> bool:
        """Whether Vertex is a stand-in on this machine, to which no true token is sent."""
        return self.base_url is not None and urlsplit(self.base_url).hostname in LOOPBACK


def _project(env: Mapping[str, str]) -> str:
    found = env.get("GOOGLE_CLOUD_PROJECT") or env.get("GOOGLE_CLOUD_PROJECT_ID")
    if not found:
        raise Misconfigured(
            "Veo is billed to a project: set GOOGLE_CLOUD_PROJECT to its id, or make the video "
            "on this machine with --provider local."
        )
    return found


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
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    ):
        raise Misconfigured(
            f"VEO_BASE_URL={url!r} must begin with https://, since a token is sent there; "
            "http:// is for this machine alone."
        )
    return url


def _seconds(env: Mapping[str, str], variable: str, default: float) -> float:
    text = env.get(variable) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise Misconfigured(f"{variable}={text!r} is not a number of seconds, such as {default:g}.")
    return seconds


def _count(env: Mapping[str, str], variable: str, default: int) -> int:
    text = env.get(variable) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise Misconfigured(f"{variable}={text!r} is not a number from 1 on, such as {default}.")
    return int(text)
