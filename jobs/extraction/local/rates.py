"""The rate of the tax."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.candidate import Candidate, best
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import percents, reader
from jobs.extraction.local.sums import Sums, amount_of
from jobs.extraction.schema import Kind

__all__ = ["rate_of"]

ANY_RATE = frozenset({("taux",), ("taxa",)})
"""In a sentence they are mostly of a fine for paying late."""


def rate_of(labelled: Labelled, sums: Sums, writing: Writing) -> Candidate | None:
    """Behind or before what says that it is of the tax; the one that the sums show, if they do."""
    found = [one for one in _said(labelled, writing) if one.value.value <= 50]
    shown = _shown(sums)
    if shown is None:
        return best(found)
    weighed = [one.scaled(1.25 if abs(one.value.value - shown) < 0.35 else 0.8) for one in found]
    return best(weighed)


def _said(labelled: Labelled, writing: Writing) -> Iterator[Candidate]:
    read = reader(Kind.PERCENT, "", writing)
    for hit, strength in labelled.named(("tax_rate", "tax")):
        if hit.in_sentence and hit.phrase in ANY_RATE:
            continue
        row = labelled.view.row_of(hit.segment)
        near = list(percents(hit.segment.text))
        for value in near:
            yield Candidate(value=value, segment=hit.segment, score=strength * 0.9, hit=hit)
        if near:
            continue
        for segment in row:
            for value in percents(segment.text):
                yield Candidate(value=value, segment=segment, score=strength * 0.8, hit=hit)
        if "tax_rate" in hit.concepts:
            yield from beside(labelled, hit, strength * 0.85, read)


def _shown(sums: Sums) -> float | None:
    """Tax in per cent of net."""
    if not (sums.checked and sums.net and sums.tax) or amount_of(sums.net) == 0:
        return None
    return float(amount_of(sums.tax) / amount_of(sums.net) * 100)
