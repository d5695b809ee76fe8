"""What may be gone to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.fetch.addresses import is_elsewhere
from common.fetch.errors import FetchError, RefusedURL
from common.fetch.resolve import Resolve, in_time, resolve

if TYPE_CHECKING:
    import ssl

__all__ = ["Guard"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """The rules of fetching. They are code's to choose, never a param's."""

    schemes: frozenset[str] = frozenset({"https"})
    """`http` too where what is fetched may be read and changed on its way."""
    ports: frozenset[int] = frozenset({80, 443})
    allows: Callable[[str], bool] = is_elsewhere
    """Whether an address, as numbers, may be connected to."""
    resolve: Resolve = resolve
    """The addresses of a name."""
    redirects: int = 5
    tls: Callable[[], ssl.SSLContext] | None = None
    """Whom to trust; the usual authorities if None."""

    def addresses(self, host: str, port: int, *, seconds: float) -> Sequence[str]:
        """Where a host is. Raises RefusedURL if any of it may not be connected to: a name that
        leads to both kinds of addresses is up to no good. Raises FetchError, TimeoutError."""
        try:
            found = in_time(self.resolve, host, port, seconds=seconds)
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            raise _unknown(host, error) from None
        if not found or not all(map(self.allows, found)):
            raise RefusedURL(host, "its address is not a public one")
        return found


def _unknown(host: str, error: Exception) -> RefusedURL | FetchError:
    if isinstance(error, UnicodeError) or getattr(error, "errno", 0) == socket.EAI_NONAME:
        return RefusedURL(host, "there is no host of that name")
    return FetchError(host, "its name could not be looked up", sent=False)
