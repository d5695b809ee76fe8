"""The seam to a provider that makes videos elsewhere: what creating and waiting ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.errors import RunjobsError
    from common.genai import Pending

__all__ = ["Busy", "Remote", "Terms"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which terms a provider is asked, by all containers together."""

    name: str
    """As params, checkpoints and limiters have it."""
    title: str
    """As people are told it."""
    prefix: str
    """Of its variables: the one with which MAX_WAIT is set, and so on."""
    max_wait: float
    """Seconds that an operation may take, by server time."""
    per_minute: int
    """Creates in any minute."""
    concurrent: int
    """Operations under way."""
    looks_per_minute: int
    """Looks at operations."""
    settling: float = 0.0
    """Seconds after a create in which the provider may not know of its operation yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """An answer that says nothing of the operation, or that it is not done."""

    said: str
    after: float = 0.0
    """Seconds to wait at least."""
    throttled: bool = False
    """It was one look too many."""
    failed: bool = False
    """It was no answer, or none that says anything."""


class Remote(Protocol[T_co]):
    """One video that is asked for elsewhere, by one attempt."""

    @property
    def terms(self) -> Terms:
        """On which it is asked for."""

    def create(self) -> Pending[str]:
        """Begin it: what the operation is called there; empty where the answer does not say.

        There is no idempotency key: called twice, it makes, and bills, two videos.
        """

    def refused(self, error: Exception) -> RunjobsError:
        """What it means that a create ended with this error: a refusal, where it is certain that
        nothing was begun; else AmbiguousCreate."""

    def look(self, name: str, *, limit: float, check: Callable[[], None]) -> T_co | Busy:
        """What the operation came to, asked within so many seconds. Raises one of the errors, where
        it ended without a video."""

    def missed(self, error: Exception) -> Busy | Exception:
        """What it means that a look ended with this error: why nothing is known yet, or why
        looking again would not help."""

    def shown(self, name: str) -> str:
        """The operation's name as it may be told."""
