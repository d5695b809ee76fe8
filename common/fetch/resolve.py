"""Looking names up, within a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence

__all__ = ["Resolve", "in_time", "resolve"]

Resolve = Callable[[str, int], Sequence[str]]
"""From a host and a port to addresses, as numbers; raises OSError."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system has them, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def in_time(look_up: Resolve, host: str, port: int, *, seconds: float) -> Sequence[str]:
    """What looking up says. Raises what it raises, OSError or UnicodeError, and TimeoutError.

    The system's resolver knows no limit of time, so it has a thread that may be left behind.
    """
    outcome: list[Sequence[str] | Exception] = []

    def ask() -> None:
        try:
            outcome.append(look_up(host, port))
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    asking = threading.Thread(target=ask, daemon=True, name="resolve")
    asking.start()
    asking.join(seconds)
    if not outcome:
        raise TimeoutError("timed out")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
