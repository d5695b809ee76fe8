"""The seam to whoever finds values in documents."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jobs.extraction.settings import chosen

if TYPE_CHECKING:
    from common.reading.document import Document
    from common.runtime import Context
    from jobs.extraction.found import Findings
    from jobs.extraction.schema import Schema

__all__ = ["Material", "Provider", "choose"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """A document, in all the forms that a provider may want."""

    file: Path
    """Its bytes."""
    uri: str
    """Where they came from."""
    sha256: str
    document: Document
    """As it was read."""


class Provider(Protocol):
    """Finds values."""

    @property
    def name(self) -> str:
        """As the params say it."""

    @property
    def model(self) -> str | None:
        """Which model it asks, if it does."""

    @property
    def usage(self) -> Mapping[str, int] | None:
        """What that has cost so far, in tokens."""

    def sees(self, file: Path) -> bool:
        """Whether it looks at that file itself: then pictures in it need not be read before."""

    def find(self, material: Material, schema: Schema, run: Context, warn: list[str]) -> Findings:
        """What it found; what is to be said of that is added to the warnings, such as what it
        could not see of the document. Raises Permanent where trying again cannot help, Retryable
        or anything else where it may."""


def choose(asked: str) -> Provider:
    """The provider asked for, or the one that the environment decides on. Raises Misconfigured."""
    if chosen(asked, os.environ) == "gemini":
        from jobs.extraction.gemini import Gemini

        return Gemini.from_env(os.environ)
    from jobs.extraction.local_provider import Local

    return Local()
