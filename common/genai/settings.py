"""What settings of models have in common: names, counts, paces, and where they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from common.errors import Misconfigured
from common.visitors import is_loopback

__all__ = ["base_url", "count", "name", "pace"]


def name(env: Mapping[str, str], variable: str, default: str) -> str:
    """Of a model, or a location. Raises Misconfigured."""
    value = env.get(variable) or default
    # Both become part of the URL: what does not belong there is refused before anything is sent.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]*", value) or ".." in value:
        raise Misconfigured(f"{variable}={value!r} is not a name, such as {default}.")
    return value


def count(env: Mapping[str, str], variable: str, default: int) -> int:
    """A whole number from 1 on. Raises Misconfigured."""
    text = env.get(variable) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise Misconfigured(f"{variable}={text!r} is not a number from 1 on, such as {default}.")
    return int(text)


def base_url(env: Mapping[str, str], variable: str) -> str | None:
    """Where the models are, if not at Google's. Raises Misconfigured."""
    url = env.get(variable)
    if not url:
        return None
    if not _is_safe(url):
        raise Misconfigured(
            f"{variable}={url!r} must begin with https://, since a secret is sent there; http:// "
            "is for this machine alone."
        )
    return url


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )


def pace(per_minute: int) -> tuple[float, int]:
    """Per second, and at once after a quiet time: such that no minute, one that begins with a
    burst included, holds more than `per_minute`."""
    burst = max(1, per_minute // 10)
    return max(per_minute - burst, per_minute / 2) / 60, burst
