"""What the ledger refuses, and what a job's function may raise to say how it failed."""

from __future__ import annotations

from common.errors import InvalidInput, RunjobsError

__all__ = [
    "KeyReused",
    "LeaseLost",
    "NewerSchema",
    "NoSuchRun",
    "NotClaimable",
    "Permanent",
    "Refused",
    "Retryable",
]


class NoSuchRun(InvalidInput):
    """Raised when there is no run of that id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no run {id}: see `runjobs list`.")
        self.id = id


class KeyReused(InvalidInput):
    """Raised when an idempotency key comes again with other params."""


class NewerSchema(RunjobsError):
    """Raised when a newer runjobs wrote the document; it is left alone."""


class Refused(RunjobsError):
    """Raised when a run's state does not allow a transition. Nothing was written."""


class NotClaimable(Refused):
    """Raised when a task may not have the run: another has it, or it has ended."""


class LeaseLost(Refused):
    """Raised when an attempt no longer owns its run; whatever it would write is void."""


class Retryable(RunjobsError):
    """Raised by a job when trying again later may help."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after
        """Seconds to wait at least, where whoever failed us said so."""


class Permanent(RunjobsError):
    """Raised by a job when trying again cannot help."""
