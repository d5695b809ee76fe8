"""The stores that the settings name, opened when they are first used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from common.documents import Documents, open_documents
from common.runs import QueueLimits, Queues, Runs

if TYPE_CHECKING:
    from common.blobs import Blobs
    from common.settings import Settings

__all__ = ["Look", "Services"]


class Services:
    """One process's documents, ledger and blobs."""

    def __init__(self, settings: Settings, *, look: Look | None = None) -> None:
        self.settings = settings
        self._look = look

    def look_at(self, queue: str | None, at: datetime | None = None) -> None:
        """Have the queue looked at, now or at that time, by whoever starts executions; without a
        queue, have a sweep look at all.

        It is a hint: where nobody can be told, a sweep looks.
        """
        if self._look is not None:
            self._look(self, queue, at)

    @cached_property
    def documents(self) -> Documents:
        """The documents store."""
        return open_documents(self.settings.documents)

    @cached_property
    def runs(self) -> Runs:
        """The ledger."""
        return Runs(self.documents)

    @cached_property
    def queues(self) -> Queues:
        """The queues, with what the settings say of those of which nothing else is said."""
        said = {
            "max_concurrent": self.settings.max_concurrent,
            "max_per_second": self.settings.max_per_second,
        }
        known = {name: value for name, value in said.items() if value is not None}
        return Queues(self.documents, otherwise=QueueLimits(**known))

    @cached_property
    def blobs(self) -> Blobs:
        """The blob store."""
        from common.blobs import open_blobs

        return open_blobs(self.settings.blobs)

    def close(self) -> None:
        """Let go of what was opened."""
        if "documents" in self.__dict__:
            self.documents.close()


Look = Callable[[Services, str | None, datetime | None], None]
