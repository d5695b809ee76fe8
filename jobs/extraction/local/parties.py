"""Who sells and who buys: by label, by where blocks stand, by what companies' names look like."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.extraction.local.addresses import address_blocks
from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.blocks import Block, block_of
from jobs.extraction.local.letterhead import letterhead, sender_line, sender_parts
from jobs.extraction.local.party import (
    HEAD,
    TITLES,
    Party,
    height_share,
    is_free,
    is_name,
    party_of,
)
from jobs.extraction.local.values.places import legal_form
from jobs.extraction.local.view import Segment

__all__ = ["Parties", "Party", "parties_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parties:
    """Both sides."""

    seller: Party
    buyer: Party


def parties_of(labelled: Labelled) -> Parties:
    """The best guess of who is who."""
    blocks = list(address_blocks(labelled))
    buyer = _said(labelled, "buyer")
    if buyer is None or not buyer[0].is_postal:
        buyer = _unsaid_buyer(labelled, blocks) or buyer
    sender = sender_line(labelled)
    taken = buyer[0].segments if buyer else ()
    seller = _said(labelled, "seller", avoid=taken)
    head = sender or letterhead(labelled, blocks, taken)
    return Parties(seller=_better(seller, head), buyer=party_of(buyer))


def _better(said: tuple[Block, float] | None, head: Party | None) -> Party:
    """A label with an address below it is surer than what stands at the top."""
    named = party_of(said)
    if said and (said[0].is_postal or head is None or head.name is None):
        return named
    if head is None:
        return named
    if named.name and head.name and named.name.score > head.name.score:
        return Party(name=named.name, address=head.address, segments=head.segments)
    return head


def _said(
    labelled: Labelled, concept: str, avoid: tuple[Segment, ...] = ()
) -> tuple[Block, float] | None:
    """The best block that a label introduces."""
    found: list[tuple[Block, float]] = []
    for hit, strength in labelled.named([concept]):
        if not hit.first or strength < 0.7 or hit.meanings[0].concept != concept:
            continue
        block = block_of(labelled, hit)
        block = _from_name(block) if block else None
        if block is None:
            continue
        if any(segment is other for segment in block.segments for other in avoid):
            continue
        score = strength * (0.95 if block.is_postal else 0.75 if legal_form(block.name) else 0.55)
        found.append((block, score))
    return max(found, key=lambda one: one[1], default=None)


def _from_name(block: Block) -> Block | None:
    """From the first line that may be a name on."""
    for place, line in enumerate(block.lines[:3]):
        if is_name(TITLES.sub("", line)):
            return Block(block.lines[place:], block.segments[place:], block.hit)
    return None


def _unsaid_buyer(labelled: Labelled, blocks: list[Block]) -> tuple[Block, float] | None:
    """A block in the window of a letter, or the second of two at the top."""
    first = labelled.view.sheets[0] if labelled.view.sheets else None
    if first is None:
        return None
    high = [
        block
        for block in blocks
        if height_share(labelled, block) < HEAD and is_free(block, "buyer")
    ]
    low = [block for block in high if _below_sender(labelled, block)]
    if low:
        return _without_lead(low[0]), 0.85
    if len(high) >= 2:
        left = [
            block for block in high[1:] if block.segments[0].box.top >= high[0].segments[0].box.top
        ]
        return ((left or high[1:])[0], 0.6)
    alone = [block for block in high if not any(map(legal_form, _top_lines(labelled, block)))]
    return (high[0], 0.5) if high and not alone else None


def _top_lines(labelled: Labelled, block: Block) -> list[str]:
    top = block.segments[0].box.top
    lines = labelled.view.sheets[0].segments[:30]
    return [one.text for one in lines if one.box.bottom <= top]


def _below_sender(labelled: Labelled, block: Block) -> bool:
    """Whether the line above it, or its own first, is the sender's, as envelopes with a window
    have it."""
    segments = labelled.view.sheets[0].segments
    first = block.segments[0]
    if sender_parts(first.text):
        return True
    above = [
        one
        for one in segments
        if one.box.bottom <= first.box.top + 2
        and first.box.top - one.box.bottom < 4 * first.height
        and abs(one.box.left - first.box.left) < 2 * first.height
    ]
    return any(sender_parts(one.text) for one in above)


def _without_lead(block: Block) -> Block:
    if sender_parts(block.lines[0]):
        return Block(block.lines[1:], block.segments[1:])
    return block
