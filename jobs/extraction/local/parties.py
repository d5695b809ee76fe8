"""Who sells and who buys: by label, by where blocks stand, by what companies' names look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.blocks import Block, address_blocks, block_at, block_of, is_contact
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.text import plain
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.places import FORMS, is_street, is_town, legal_form
from jobs.extraction.local.view import Segment

__all__ = ["Parties", "Party", "parties_of"]

SENDER = re.compile(r"\s[·•|\u2013\u2014\-*]\s|\s{2,}|\s?[·•|]\s?|,\s")
TITLES = re.compile(
    r"^(?:firma|herrn?|frau|mr\.?|mrs\.?|ms\.?|m\.|mme\.?|sr\.?|sra\.?|spett\.?(?:le|abile)|"
    r"exmos?\.?(?:\(s\))?\s(?:sr\.?(?:\(s\))?|senhore?s?)|t\.a\.v\.|an|to|attn\.?|c/o)[\s:.,]+",
    re.IGNORECASE,
)
PAPER = re.compile(
    r"^(?:\(c\)|\u00a9|copyright|stylesheet|\d{4}\s|(?:tax |vat )?invoice|rechnung|facture|factura|fattura|factuur|fatura|receipt|quittung|page\b|"
    r"seite|pagina|copy|original|duplica|duplikat|kopie|copia|copie|dear|sehr geehrte|date\b|datum|fecha|"
    r"gutschrift|credit note|avoir|bestellung|auftrag|recu|ticket|bon\b|kassenbon|recibo|ricevuta|scontrino|"
    r"documento|number|nummer|name\b|gln|guten tag|thank|vielen dank|merci|gracias|grazie|dank|obrigad|"
    r"welcome|cash|bill|statement|amount|total|iban|bic|tel|fax|www|handelsrechnung|rechnungs)"
)
HEAD = 0.35
"""Share of the first page where letterheads and addresses stand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """A name and an address, each where it was found."""

    name: Candidate | None = None
    address: Candidate | None = None
    segments: tuple[Segment, ...] = ()


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
    sender = _sender_line(labelled)
    taken = buyer[0].segments if buyer else ()
    seller = _said(labelled, "seller", avoid=taken)
    head = sender or _letterhead(labelled, blocks, taken)
    return Parties(seller=_better(seller, head), buyer=_party(buyer))


def _better(said: tuple[Block, float] | None, head: Party | None) -> Party:
    """A label with an address below it is surer than what stands at the top."""
    named = _party(said)
    if said and (said[0].is_postal or head is None or head.name is None):
        return named
    if head is None:
        return named
    if named.name and head.name and named.name.score > head.name.score:
        return Party(name=named.name, address=head.address, segments=head.segments)
    return head


def _party(said: tuple[Block, float] | None) -> Party:
    if said is None:
        return Party()
    block, score = said
    block = _untitled(block)
    name = _text(TITLES.sub("", block.name).strip(" ,"), block.segments[0], score)
    name = name if name and any(char.isalpha() for char in block.name) else None
    address = block.address
    where = block.segments[min(1, len(block.segments) - 1)]
    found = _text("\n".join(address), where, score) if address else None
    return Party(name=name, address=found, segments=block.segments)


def _untitled(block: Block) -> Block:
    """Without a line that only says Mr or Company."""
    if len(block.lines) > 1 and not TITLES.sub("", block.lines[0] + " ").strip():
        return Block(block.lines[1:], block.segments[1:], block.hit)
    return block


def _text(text: str, segment: Segment, score: float) -> Candidate | None:
    if not text.strip():
        return None
    value = Value(text, 0, len(text), 1.0, text)
    score *= 0.5 + 0.5 * segment.certainty
    return Candidate(value=value, segment=segment, score=score)


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
        if _is_name(TITLES.sub("", line)):
            return Block(block.lines[place:], block.segments[place:], block.hit)
    return None


def _is_name(text: str) -> bool:
    if PAPER.match(plain(text)) or text.startswith((":", "(", "*")):
        return False
    letters = sum(character.isalpha() for character in text)
    digits = sum(character.isdigit() for character in text)
    return 2 < len(text) < 90 and letters > digits and not is_contact(text)


def _unsaid_buyer(labelled: Labelled, blocks: list[Block]) -> tuple[Block, float] | None:
    """A block in the window of a letter, or the second of two at the top."""
    first = labelled.view.sheets[0] if labelled.view.sheets else None
    if first is None:
        return None
    high = [
        block for block in blocks if _share(labelled, block) < HEAD and _is_free(labelled, block)
    ]
    low = [block for block in high if _below_sender(labelled, block)]
    if low:
        return _without_lead(labelled, low[0]), 0.85
    if len(high) >= 2:
        left = [
            block for block in high[1:] if block.segments[0].box.top >= high[0].segments[0].box.top
        ]
        return ((left or high[1:])[0], 0.6)
    alone = [block for block in high if not any(map(legal_form, _top_lines(labelled, block)))]
    return (high[0], 0.5) if high and not alone else None


def _is_free(labelled: Labelled, block: Block) -> bool:
    """Not one that a label says is somebody else's."""
    for segment in block.segments[:2]:
        for hit in labelled.of_segment(segment):
            if (
                hit.first
                and hit.clarity >= 0.95
                and hit.meanings[0].concept in {"seller", "ship_to"}
            ):
                return False
    return len(block.lines) >= 2


def _top_lines(labelled: Labelled, block: Block) -> list[str]:
    top = block.segments[0].box.top
    lines = labelled.view.sheets[0].segments[:30]
    return [one.text for one in lines if one.box.bottom <= top]


def _share(labelled: Labelled, block: Block) -> float:
    if block.segments[0].page != labelled.view.sheets[0].page.number:
        return 1.0
    return block.segments[0].box.top / max(1.0, labelled.view.sheets[0].page.height)


def _below_sender(labelled: Labelled, block: Block) -> bool:
    """Whether the line above it, or its own first, is the sender's, as envelopes with a window
    have it."""
    segments = labelled.view.sheets[0].segments
    first = block.segments[0]
    if _sender_parts(first.text):
        return True
    above = [
        one
        for one in segments
        if one.box.bottom <= first.box.top + 2
        and first.box.top - one.box.bottom < 4 * first.height
        and abs(one.box.left - first.box.left) < 2 * first.height
    ]
    return any(_sender_parts(one.text) for one in above)


def _without_lead(labelled: Labelled, block: Block) -> Block:
    if _sender_parts(block.lines[0]):
        return Block(block.lines[1:], block.segments[1:])
    return block


def _sender_parts(text: str) -> list[str]:
    """Name, street and town, where all stand in one line."""
    if not 20 < len(text) < 160 or not any(character.isdigit() for character in text):
        return []
    parts = [part.strip(" ,;") for part in SENDER.split(text) if part.strip(" ,;")]
    if len(parts) < 3 or not _is_name(parts[0]) or is_street(parts[0]):
        return []
    return parts if any(is_town(part) for part in parts[1:]) else []


def _sender_line(labelled: Labelled) -> Party | None:
    if not labelled.view.sheets:
        return None
    sheet = labelled.view.sheets[0]
    for segment in sheet.segments[:60]:
        parts = _sender_parts(segment.text)
        if parts and segment.box.top < 0.45 * sheet.page.height and not labelled.begins(segment):
            upto = max(place for place, part in enumerate(parts) if is_town(part))
            name = _text(parts[0], segment, 0.85)
            address = _text("\n".join(parts[1 : upto + 1]), segment, 0.8)
            return Party(name=name, address=address, segments=(segment,))
    return None


def _letterhead(
    labelled: Labelled, blocks: list[Block], taken: tuple[Segment, ...]
) -> Party | None:
    """A company's block at the top, else its name there, else in the foot, else the first line."""
    busy = {id(segment) for segment in taken}
    free = [one for one in blocks if not any(id(segment) in busy for segment in one.segments)]
    for block in free:
        high = _share(labelled, block) < 0.5
        if _is_free(labelled, block) and _is_name(block.name) and (high or legal_form(block.name)):
            party = _party((block, 0.8 if legal_form(block.name) else 0.62))
            return _named_above(labelled, party, busy)
    named = max(_named(labelled, busy), key=lambda one: one.score, default=None)
    if named is None:
        return None
    below = block_at(labelled, named.segment, (named.segment.box.left,))
    for block in (below, *free):
        if block.address:
            address = _text("\n".join(block.address), block.segments[0], 0.6)
            return Party(name=named, address=address, segments=block.segments)
    return Party(name=named, segments=(named.segment,))


def _named_above(labelled: Labelled, party: Party, busy: set[int]) -> Party:
    """A block may begin with its street: the name then stands higher, and larger."""
    if party.name and not (is_street(party.name.value.text) or is_town(party.name.value.text)):
        if legal_form(party.name.value.text):
            return party
        other = max(_named(labelled, busy), key=lambda one: one.score, default=None)
        if other is None or other.score < 0.7:
            return party
        return Party(name=other, address=party.address, segments=party.segments)
    named = max(_named(labelled, busy), key=lambda one: one.score, default=None)
    return Party(name=named, address=party.address, segments=party.segments)


def _named(labelled: Labelled, busy: set[int]) -> Iterator[Candidate]:
    """Lines that may be the seller's name."""
    for sheet in labelled.view.sheets[:1]:
        usual = _usual_height(sheet.segments)
        for place, segment in enumerate(sheet.segments[:400]):
            text = segment.text.strip()
            if id(segment) in busy or not _is_name(text) or is_street(text):
                continue
            share = segment.box.top / max(1.0, sheet.page.height)
            score = _likelihood(labelled, segment, place, share, segment.height / usual)
            candidate = _text(_with_beginning(sheet.segments, place, text), segment, score)
            if candidate and score > 0.2:
                yield candidate


def _with_beginning(segments: tuple[Segment, ...], place: int, text: str) -> str:
    """A name may go over two lines: what is little more than Ltd goes on with the one above."""
    if not place or len(FORMS.sub("", text).replace("(M)", "").strip(" .&,()-")) > 3:
        return text
    above, here = segments[place - 1], segments[place]
    middle = abs(above.box.left + above.box.right - here.box.left - here.box.right) / 2
    near = min(middle, abs(above.box.left - here.box.left)) < 2 * here.height
    close = here.box.top - above.box.bottom < here.height
    return f"{above.text} {text}" if near and close and _is_name(above.text) else text


def _likelihood(
    labelled: Labelled, segment: Segment, place: int, share: float, size: float
) -> float:
    text = segment.text
    score = 0.72 if legal_form(text) else 0.3
    if labelled.of_segment(segment) and labelled.begins(segment):
        score -= 0.35
    if len(text.split()) > 8:
        score -= 0.25
    score += 0.12 if share < 0.15 else 0.0 if share < HEAD else -0.1
    score += 0.12 if size > 1.35 else 0.0
    return score + (0.15 if place == 0 else 0.08 if place < 3 else 0.0)


def _usual_height(segments: tuple[Segment, ...]) -> float:
    heights = sorted(segment.height for segment in segments)
    return heights[len(heights) // 2] if heights else 1.0
