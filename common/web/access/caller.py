"""Whoever asks, and the seam to what decides whether they may.

access  what an operation asks for: nothing (anyone), to be one of those who use the API (api), or
        to be what brings wake-ups and sweeps (wakeups)
guard   knows a caller, or refuses
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Access", "Caller", "Guard"]

Access = Literal["anyone", "api", "wakeups"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Who asks."""

    account: str
    """An e-mail address; empty for whoever sits at this machine."""


class Guard(Protocol):
    """Lets requests in."""

    def admit(self, request: Request, access: Access) -> Caller:
        """Who asks. Raises Problem 401 or 403, and Unavailable where that cannot be known. It may
        wait for another service."""
        ...
