"""A document, and what is known to stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Sample"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One document."""

    name: str
    file: Path
    schema: str
    """The built-in schema that it is of."""
    truth: Mapping[str, Any]
    """By field. None for what does not stand in it; fields of which nothing is known are left
    out, and not judged."""
    part: str
    """`dev` for those that were looked at while the provider was made, `test` for the others."""
    group: str = ""
    """What it is counted with besides: a language, a format, where it comes from."""
