"""What stands beside a label: behind it, right of it, below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.hits import Hit
from jobs.extraction.local.kinds import Reader
from jobs.extraction.local.view import Segment, View

__all__ = ["Labelled", "beside"]

FAR = 3.2
"""How far below a label its value may begin, in heights of the label."""
ROWS = 4
ALIGNED = 1.2
MOST = 60
"""Labels of one concept that are followed up."""


@dataclass(frozen=True)
class Labelled:
    """A document with its labels, by segment."""

    view: View
    hits: Sequence[Hit]
    by_segment: dict[int, list[Hit]] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View, hits: Sequence[Hit]) -> Labelled:
        """The document with these labels."""
        by_segment: dict[int, list[Hit]] = {}
        for hit in hits:
            by_segment.setdefault(id(hit.segment), []).append(hit)
        return cls(view, hits, by_segment)

    def of_segment(self, segment: Segment) -> list[Hit]:
        return self.by_segment.get(id(segment), [])

    def begins(self, segment: Segment) -> bool:
        """Whether a segment begins with a clear label."""
        hits = self.of_segment(segment)
        return bool(hits) and hits[0].first and _strength(hits[0]) > 0.7

    def named(self, concepts: Sequence[str]) -> list[tuple[Hit, float]]:
        """The labels that may mean one of these, with how clearly they do."""
        found = []
        for hit in self.hits:
            for meaning in hit.meanings:
                if meaning.concept in concepts:
                    found.append((hit, meaning.strength * hit.clarity))
                    break
        return found[:MOST]

    def rest_of(self, hit: Hit) -> str:
        """What follows a label in its segment, up to the next one."""
        later = [
            other.start
            for other in self.of_segment(hit.segment)
            if other.start >= hit.rest and other.clarity > 0.7
        ]
        return hit.segment.text[hit.rest : min(later, default=len(hit.segment.text))]


def beside(
    labelled: Labelled, hit: Hit, strength: float, read: Reader, *, onward: bool = False
) -> Iterator[Candidate]:
    """The candidates of one label, each with how it stands to it; `onward` also those that stand
    further right when some stand right behind it."""
    rest = labelled.rest_of(hit)
    inline = _candidates(hit, _Place(hit.segment, rest, "inline"), strength, read)
    yield from inline
    if inline and onward:
        yield from _right(labelled, hit, strength, read)
    if not inline and (len(rest.strip()) < 3 or strength > 0.75):
        right = _right(labelled, hit, strength, read)
        yield from right
        if not right:
            yield from _below(labelled, hit, strength * (1.0 if len(rest) < 3 else 0.6), read)


def _right(labelled: Labelled, hit: Hit, strength: float, read: Reader) -> list[Candidate]:
    found: list[Candidate] = []
    row = labelled.view.row_of(hit.segment)
    edge = hit.segment.box.right
    for segment in row[hit.segment.place + 1 :]:
        if labelled.begins(segment):
            break
        gap = (segment.box.left - edge) / hit.segment.height
        near = 0.98 if gap < 30 else 0.9
        found += _candidates(hit, _Place(segment, segment.text, "right", near), strength, read)
        edge = segment.box.right
    return found


def _below(labelled: Labelled, hit: Hit, strength: float, read: Reader) -> Iterator[Candidate]:
    sheet = labelled.view.sheet_of(hit.segment)
    left, right = hit.left, hit.segment.left_of(hit.end)
    height, bottom = hit.segment.height, hit.segment.box.bottom
    for segment in sheet.below(hit.segment, most=ROWS):
        box = segment.box
        if box.top - bottom > FAR * height:
            break
        if box.right < left - height or box.left > right + height or box.top < bottom - height / 2:
            continue
        if labelled.begins(segment):
            break
        straight = _is_aligned(left, right, box.left, box.right, height)
        near = 0.95 if straight else 0.8
        found = _candidates(hit, _Place(segment, segment.text, "below", near), strength, read)
        yield from found
        if found or straight:
            break


def _is_aligned(left: float, right: float, low: float, high: float, height: float) -> bool:
    middle = abs((left + right) - (low + high)) / 2
    return min(abs(left - low), abs(right - high), middle) < ALIGNED * height


@dataclass(frozen=True, slots=True)
class _Place:
    """A text beside a label, and how near it is to what is right behind it: 1."""

    segment: Segment
    text: str
    relation: str
    near: float = 1.0


def _candidates(hit: Hit, place: _Place, strength: float, read: Reader) -> list[Candidate]:
    found = []
    sure = strength * place.near * (0.5 + 0.5 * place.segment.certainty)
    for value in read(place.text):
        first = 1.0 if not place.text[: value.start].strip(" :.-#") else 0.9
        found.append(
            Candidate(
                value=value,
                segment=place.segment,
                score=sure * first * value.quality,
                hit=hit,
                relation=place.relation,
            )
        )
    return found


def _strength(hit: Hit) -> float:
    return max(meaning.strength for meaning in hit.meanings) * hit.clarity
