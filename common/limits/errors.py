"""What goes wrong with turns."""

from __future__ import annotations

from common.errors import RunjobsError

__all__ = ["NoTurn", "SlotLost", "Throttled"]


class NoTurn(RunjobsError):
    """Raised when a turn cannot be had in the time there is."""

    def __init__(self, name: str, after: float) -> None:
        super().__init__(
            f"No turn at {name} in time: try again in {after:.1f} s, or raise its limits."
        )
        self.name = name
        self.after = after
        """Seconds until one may be had, as far as can be told."""


class SlotLost(RunjobsError):
    """Raised when a slot was not renewed in time and is another's by now."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A slot of {name} ran out and was given away: renew it more often.")
        self.name = name


class Throttled(RunjobsError):
    """Raised by whoever calls a provider that answered "too many requests"."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after
        """Seconds to wait at least, where the answer said so."""
