"""What an operation is given, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from common.dispatch import Client

__all__ = ["Answer", "Asked", "Lines"]


@dataclass(frozen=True, slots=True)
class Lines:
    """A body of JSON lines, not yet read."""

    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request, checked as far as the table of operations tells."""

    client: Client
    path: Mapping[str, str]
    """The variables of the path."""
    query: Any = None
    """The operation's model of it."""
    body: Any = None
    """The operation's model of it, or Lines."""
    key: str | None = None
    """The Idempotency-Key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of it."""

    content: Any
    """Plain data, answered as JSON."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
