"""What the settings of providers have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import Misconfigured
from common.genai.settings import count
from jobs.video_generation.remote.seam import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Defaults", "seconds", "terms"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Defaults:
    """Terms where the variables say nothing."""

    max_wait: float
    per_minute: int
    concurrent: int
    looks_per_minute: int


def terms(  # noqa: PLR0913 - whose they are, and what they are by default
    env: Mapping[str, str],
    prefix: str,
    *,
    name: str,
    title: str,
    by: Defaults,
    settling: float = 0.0,
) -> Terms:
    """As PREFIX_MAX_WAIT, PREFIX_PER_MINUTE and so on say. Raises Misconfigured."""
    return Terms(
        name=name,
        title=title,
        prefix=prefix,
        max_wait=seconds(env, f"{prefix}_MAX_WAIT", by.max_wait),
        per_minute=count(env, f"{prefix}_PER_MINUTE", by.per_minute),
        concurrent=count(env, f"{prefix}_CONCURRENT", by.concurrent),
        looks_per_minute=count(env, f"{prefix}_LOOKS_PER_MINUTE", by.looks_per_minute),
        settling=settling,
    )


def seconds(env: Mapping[str, str], variable: str, default: float) -> float:
    """A length of time. Raises Misconfigured."""
    text = env.get(variable) or str(default)
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise Misconfigured(f"{variable}={text!r} is not a number of seconds, such as {default:g}.")
    return found
