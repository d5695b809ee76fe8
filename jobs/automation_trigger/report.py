"""What a run has done so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.automation_trigger.params import Triggered, Trouble

if TYPE_CHECKING:
    from common.runtime.log import Log

__all__ = ["Report"]

_STARTED, _TROUBLES = 1_000, 20


class Report:
    """Counts, and the first of what is counted."""

    def __init__(self, log: Log) -> None:
        self.notifications = self.integrations = 0
        self.left = self.resynced = self.messages = 0
        self._log = log
        self._started: dict[str, None] = {}
        self._troubles: dict[str, Trouble] = {}

    def started(self, run: str) -> None:
        """A run is in the ledger: one that was there before counts once all the same."""
        self._started[run] = None

    def trouble(self, what: str, error: object) -> None:
        """Something is left undone, and stays so."""
        reason = str(error).rstrip(".")[:300]
        self._log.warning(f"{what} is left: {reason}.", action="trigger-left")
        self._troubles[what] = Trouble(what=what, reason=reason)

    def result(self) -> Triggered:
        """All of it."""
        return Triggered(
            notifications=self.notifications,
            integrations=self.integrations,
            left=self.left,
            resynced=self.resynced,
            messages=self.messages,
            started=[*self._started][:_STARTED],
            started_count=len(self._started),
            troubles=[*self._troubles.values()][:_TROUBLES],
            troubles_count=len(self._troubles),
        )
