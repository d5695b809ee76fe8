"""Which provider is taken where the params leave it open, and what it needs.

EXTRACTION_PROVIDER  auto (the default), local or gemini
GEMINI_API_KEY       the key of the Gemini API
GOOGLE_GENAI_USE_VERTEXAI  true: Gemini is asked on Vertex AI, as the project GOOGLE_CLOUD_PROJECT
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from common.errors import Misconfigured

__all__ = ["Named", "chosen", "has_vertex", "needs", "project", "secrets"]

Named = Literal["local", "gemini"]

_READERS = (
    "pypdfium2 (extract)",
    "openpyxl (extract)",
    "docx (extract)",
    "bs4 (extract)",
    "jsonschema (extract)",
)


def chosen(asked: str, env: Mapping[str, str]) -> Named:
    """The provider: the one asked for, else EXTRACTION_PROVIDER, else gemini where there is a key
    or Vertex AI for it, else local. Raises Misconfigured."""
    name = asked if asked != "auto" else (env.get("EXTRACTION_PROVIDER") or "auto")
    if name == "auto":
        return "gemini" if env.get("GEMINI_API_KEY") or has_vertex(env) else "local"
    if name == "local":
        return "local"
    if name == "gemini":
        return "gemini"
    raise Misconfigured(f"EXTRACTION_PROVIDER={name!r} finds nothing: set it to local or gemini.")


def has_vertex(env: Mapping[str, str]) -> bool:
    """Whether it was said that Gemini is asked on Vertex AI."""
    return env.get("GOOGLE_GENAI_USE_VERTEXAI", "").lower() in {"1", "true"}


def project(env: Mapping[str, str]) -> str:
    """The project that pays for Vertex AI; empty where none is said."""
    return env.get("GOOGLE_CLOUD_PROJECT") or env.get("GOOGLE_CLOUD_PROJECT_ID") or ""


def needs(env: Mapping[str, str]) -> tuple[str, ...]:
    """What must be installed for the provider that is taken where the params name none."""
    try:
        name = chosen("auto", env)
    except Misconfigured:  # which is told when the job runs
        name = "local"
    return (*_READERS, "google.genai (gemini)") if name == "gemini" else _READERS


def secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that come from Secret Manager: the key, where one was chosen that needs it."""
    needed = env.get("EXTRACTION_PROVIDER") == "gemini" and not has_vertex(env)
    return ("GEMINI_API_KEY",) if needed else ()
