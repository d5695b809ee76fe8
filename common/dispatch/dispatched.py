"""What comes of a look at a queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from common.errors import RunjobsError

__all__ = ["Dispatched"]


@dataclass(slots=True)
class Dispatched:
    """What came of a look at a queue."""

    started: list[str] = field(default_factory=list)
    """Runs for which executions were started, or may have been."""
    refused: dict[str, RunjobsError] = field(default_factory=dict)
    """By run: what kept its execution from being started. It is pending again."""
    wait: float | None = None
    """Seconds until more can be started, where that is known by now."""

    def by_error(self) -> dict[str, list[str]]:
        """The runs that could not be started, by why."""
        found: dict[str, list[str]] = {}
        for id, error in self.refused.items():
            found.setdefault(str(error), []).append(id)
        return found
