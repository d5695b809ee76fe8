"""The seam to what decides who may ask for what.

access  what an operation asks for: nothing (anyone), to be one of those who use the API (api), or
        to be what brings wake-ups and sweeps (wakeups)
guard   lets a request in, or refuses it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Access", "Guard"]

Access = Literal["anyone", "api", "wakeups"]


class Guard(Protocol):
    """Lets requests in."""

    def admit(self, request: Request, access: Access) -> None:
        """Raise Problem 401 or 403 for one that may not, and Unavailable where that cannot be
        known. It may wait for another service."""
        ...
