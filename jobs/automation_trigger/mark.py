"""Up to where a mailbox's history is done with: kept in the integration's `watch`.

All messages that came up to it were looked at, and what they start is in the ledger. It goes
forward only, whoever writes it: of two who read the same history at once the one behind changes
nothing. What else is kept beside it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from common.documents import Documents
    from common.integrations import Integration, Integrations

__all__ = ["Mark"]

_FIELD = "history"

Change = Callable[[int | None], dict[str, str]]


class Mark:
    """That of one integration."""

    def __init__(
        self, documents: Documents, integrations: Integrations, integration: Integration
    ) -> None:
        self._documents, self._integrations = documents, integrations
        self._integration = integration
        self.integration = integration

    @property
    def at(self) -> int | None:
        """As it was last read or written; None where nothing is known."""
        return _number(self._integration)

    def covers(self, history: int | None) -> bool:
        """Whether there is nothing new for whoever knows the history to go that far."""
        return history is not None and self.at is not None and history <= self.at

    def read(self) -> int | None:
        """As it stands now."""
        self._integration = self._find() or self._integration
        return self.at

    def advance(self, to: int) -> None:
        """Put it there, if that is forward, and the account is still the same one."""
        self._change(lambda at: {_FIELD: str(to)} if at is None or at < to else {})

    def _change(self, change: Change) -> None:
        self._documents.optimistic(lambda: self._try(change))

    def _try(self, change: Change) -> None:
        found = self._find()
        if found is None or found.account != self.integration.account:
            return
        if new := change(_number(found)):
            watch = {**(found.watch or {}), **new}
            found = self._integrations.note(found, exclusively=True, watch=watch)
        self._integration = found

    def _find(self) -> Integration | None:
        asked = self.integration
        return self._integrations.find(
            tenant=asked.tenant, user=asked.user, provider=asked.provider
        )


def _number(integration: Integration) -> int | None:
    said = str((integration.watch or {}).get(_FIELD, ""))
    return int(said) if said.isascii() and said.isdigit() else None
