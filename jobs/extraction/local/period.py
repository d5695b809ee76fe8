"""The first and the last day of a period."""

from __future__ import annotations

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import reader
from jobs.extraction.local.singles import single
from jobs.extraction.schema import Field, Kind

__all__ = ["period_of"]


def period_of(
    labelled: Labelled,
    writing: Writing,
    field: Field,
    *,
    last: bool,
) -> Candidate | None:
    """Either end of the best two dates behind a label of periods, or what is said of it alone."""
    read = reader(Kind.DATE, "", writing)
    best: Candidate | None = None
    for hit, strength in labelled.named(("service_period",)):
        found = list(beside(labelled, hit, strength, read))
        if len(found) >= 2 and found[0].value.value.date <= found[1].value.value.date:
            chosen = found[1] if last else found[0]
            best = chosen if best is None or chosen.score > best.score else best
    alone = single(labelled, field, f"service_{'end' if last else 'start'}", writing)
    if best is None or (alone is not None and alone.score > best.score):
        return alone
    return best
