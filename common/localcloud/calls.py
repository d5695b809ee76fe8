"""What services need to call others: tokens, a network, and threads that wait for the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.localcloud.deliveries import Deliveries
from common.localcloud.outgoing import HttpSender, Sender
from common.localcloud.store import Store
from common.localcloud.tokens import Tokens

__all__ = ["Calls"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Calls:
    """Shared by the services of one process."""

    tokens: Tokens
    deliveries: Deliveries
    send: Sender
    tell: Callable[[], None]
    """Says that there may be something to do."""

    @classmethod
    def over_http(cls, store: Store, *, own: Callable[[], str], tell: Callable[[], None]) -> Calls:
        """As the local cloud makes them; `own` tells where it answers itself."""
        return cls(
            tokens=Tokens(store), deliveries=Deliveries(tell=tell), send=HttpSender(own), tell=tell
        )
