"""What was accepted and could not be started: it is safe, and tried again."""

from __future__ import annotations

from common.errors import RunjobsError
from common.runtime.log import Log

__all__ = ["WARNING", "tell"]

WARNING = "It is accepted, but could not be started just now; it stays pending and is tried again."


def tell(error: RunjobsError) -> None:
    """Why, to the log: it may name what is of no concern to whoever asked."""
    Log().warning(str(error), action="not-started")
