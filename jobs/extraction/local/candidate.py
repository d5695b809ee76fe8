"""What may be a field's value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jobs.extraction.local.hits import Hit
from jobs.extraction.local.values import Value
from jobs.extraction.local.view import Segment

__all__ = ["Candidate", "best"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A value, where it stands, and how much speaks for it."""

    value: Value
    segment: Segment
    score: float
    hit: Hit | None = None
    relation: str = ""
    """How it stands to its label: inline, right, below; or none."""

    def scaled(self, factor: float) -> Candidate:
        return replace(self, score=min(1.0, self.score * factor))


def best(candidates: list[Candidate]) -> Candidate | None:
    """The one that most speaks for; of equals the first. What is said twice gains, and what is
    contradicted loses a little."""
    if not candidates:
        return None
    chosen = max(candidates, key=lambda candidate: candidate.score)
    others = [one for one in candidates if one.segment is not chosen.segment]
    same = any(one.value.value == chosen.value.value for one in others)
    rival = max(
        (one.score for one in candidates if one.value.value != chosen.value.value), default=0.0
    )
    factor = 1.05 if same else 1.0
    if rival > 0.9 * chosen.score and not same:
        factor *= 0.85
    return chosen.scaled(factor)
