"""VAT ids and tax numbers, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import reader
from jobs.extraction.local.parties import Parties
from jobs.extraction.local.values.ids import vat_ids
from jobs.extraction.local.view import Segment
from jobs.extraction.schema import Kind

__all__ = ["TaxIds", "tax_ids_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxIds:
    """Each side's, and the seller's number at its tax office."""

    seller: Candidate | None = None
    buyer: Candidate | None = None
    number: Candidate | None = None


def tax_ids_of(labelled: Labelled, parties: Parties, writing: Writing) -> TaxIds:
    """By label first, then by what they stand near to."""
    own = _said(labelled, ("seller_vat_id",), writing)
    theirs = _said(labelled, ("buyer_vat_id",), writing)
    others = _distinct([*_said(labelled, ("vat_id",), writing), *_bare(labelled)])
    others = [one for one in others if not _is_one_of(one, [*own, *theirs])]
    near = [one for one in others if _is_buyers(one, parties)]
    rest = [one for one in others if one not in near]
    seller = next(iter([*own, *rest]), None)
    if seller is None and theirs == [] and len(near) > 0:
        seller, near = near[0].scaled(0.7), near[1:]
    later = [one.scaled(0.6) for one in rest[1:]] if not own else []
    buyer = next(iter([*theirs, *near, *later]), None)
    number = next(iter(_said(labelled, ("tax_number",), writing)), None)
    return TaxIds(seller=seller, buyer=buyer, number=number)


def _said(labelled: Labelled, concepts: tuple[str, ...], writing: Writing) -> list[Candidate]:
    found: list[Candidate] = []
    read = reader(Kind.ID, concepts[0], writing)
    for hit, strength in labelled.named(concepts):
        found += list(beside(labelled, hit, strength, read))[:1]
    return sorted(found, key=lambda one: -one.score)


def _bare(labelled: Labelled) -> Iterator[Candidate]:
    """Those with right check digits, whatever stands beside them."""
    for segment in labelled.view.segments[:3000]:
        for value in vat_ids(segment.text):
            if value.quality == 1.0:
                yield Candidate(value=value, segment=segment, score=0.5)


def _distinct(found: list[Candidate]) -> list[Candidate]:
    kept: dict[str, Candidate] = {}
    for one in found:
        kept.setdefault(_bare_of(one), one)
    return list(kept.values())


def _is_one_of(one: Candidate, others: list[Candidate]) -> bool:
    return any(_bare_of(one) == _bare_of(other) for other in others)


def _bare_of(one: Candidate) -> str:
    return "".join(character for character in str(one.value.value) if character.isalnum())


def _is_buyers(one: Candidate, parties: Parties) -> bool:
    """Whether it stands in the buyer's block, or right below it."""
    buyers, sellers = parties.buyer.segments, parties.seller.segments
    if not buyers:
        return False
    to_buyer = min(_distance(one.segment, segment) for segment in buyers)
    to_seller = min((_distance(one.segment, segment) for segment in sellers), default=1e9)
    return to_buyer < 4 and to_buyer < to_seller


def _distance(one: Segment, other: Segment) -> float:
    """In heights of lines; far where they do not begin at the same place."""
    if one.page != other.page:
        return 1e9
    apart = abs(one.box.left - other.box.left) / one.height
    return abs(one.box.top - other.box.top) / one.height + (0 if apart < 3 else apart)
