"""Which part of the work is a run's, where several do it together."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Part"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of what several runs do together, or all of what one does."""

    index: int
    """From 0."""
    count: int
    """1 where the run shares its work with no other."""
    whole: str
    """The id of the run that is part 0, by which all of them know what is theirs in common."""
