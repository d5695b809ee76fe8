"""Which provider is taken where the params leave it open, and what it needs.

EXTRACTION_PROVIDER  auto (the default), local or gemini
GEMINI_API_KEY       the key of the Gemini API
GOOGLE_GENAI_USE_VERTEXAI  true: Gemini is asked on Vertex AI, as the project GOOGLE_CLOUD_PROJECT
"""

from __future__ import annotations

from collections.abc import Mapping

from common.errors import Misconfigured
from common.gemini import choice

__all__ = ["chosen", "needs"]

_VARIABLE = "EXTRACTION_PROVIDER"
_READERS = (
    "pypdfium2 (extract)",
    "openpyxl (extract)",
    "docx (extract)",
    "bs4 (extract)",
    "jsonschema (extract)",
)


def chosen(asked: str, env: Mapping[str, str]) -> choice.Named:
    """The provider: the one asked for, or the one that the environment decides on. Raises
    Misconfigured."""
    return choice.chosen(asked, env, _VARIABLE)


def needs(env: Mapping[str, str]) -> tuple[str, ...]:
    """What must be installed for the provider that is taken where the params name none."""
    try:
        name = chosen("auto", env)
    except Misconfigured:  # which is told when the job runs
        name = "local"
    return (*_READERS, "google.genai (gemini)") if name == "gemini" else _READERS
