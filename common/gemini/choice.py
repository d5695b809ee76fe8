"""Who answers where a job's params leave it open: Gemini, or this machine.

A job has a variable for that, such as EXTRACTION_PROVIDER: auto (the default), local or gemini.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from common.errors import Misconfigured
from common.gemini.settings import has_vertex

__all__ = ["KEY", "Named", "chosen"]

KEY = "GEMINI_API_KEY"
"""A secret that such jobs do without where this machine answers, or Vertex AI."""

Named = Literal["local", "gemini"]


def chosen(asked: str, env: Mapping[str, str], variable: str) -> Named:
    """The provider: the one asked for, else what the variable says, else gemini where there is a
    key or Vertex AI for it, else local. Raises Misconfigured."""
    name = asked if asked != "auto" else (env.get(variable) or "auto")
    if name == "auto":
        return "gemini" if env.get(KEY) or has_vertex(env) else "local"
    if name == "local":
        return "local"
    if name == "gemini":
        return "gemini"
    raise Misconfigured(f"{variable}={name!r} is none that there is: set it to local or gemini.")
