"""The seller as letters and receipts show it: at the top, above the window, or in the foot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.blocks import Block, block_at
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.party import (
    HEAD,
    Party,
    height_share,
    is_free,
    is_name,
    party_of,
    said_text,
)
from jobs.extraction.local.values.places import FORMS, is_street, is_town, legal_form
from jobs.extraction.local.view import Segment

__all__ = ["letterhead", "sender_line", "sender_parts"]

MAIL = {"From:", "To:", "Date:", "Subject:"}
"""Before what a mail says of itself, which stands at its top and is no letterhead."""
SENDER = re.compile(r"\s[·•|\u2013\u2014\-*]\s|\s{2,}|\s?[·•|]\s?|,\s")


def sender_line(labelled: Labelled) -> Party | None:
    """The sender above the window of a letter."""
    if not labelled.view.sheets:
        return None
    sheet = labelled.view.sheets[0]
    for segment in sheet.segments[:60]:
        parts = sender_parts(segment.text)
        if parts and segment.box.top < 0.45 * sheet.page.height and not labelled.begins(segment):
            upto = max(place for place, part in enumerate(parts) if is_town(part))
            name = said_text(parts[0], segment, 0.85)
            address = said_text("\n".join(parts[1 : upto + 1]), segment, 0.8)
            return Party(name=name, address=address, segments=(segment,))
    return None


def sender_parts(text: str) -> list[str]:
    """Name, street and town, where all stand in one line."""
    if not 20 < len(text) < 160 or not any(character.isdigit() for character in text):
        return []
    parts = [part.strip(" ,;") for part in SENDER.split(text) if part.strip(" ,;")]
    if len(parts) < 3 or not is_name(parts[0]) or is_street(parts[0]):
        return []
    return parts if any(is_town(part) for part in parts[1:]) else []


def letterhead(labelled: Labelled, blocks: list[Block], taken: tuple[Segment, ...]) -> Party | None:
    """A company's block at the top, else its name there, else in the foot, else the first line."""
    busy = {id(segment) for segment in taken}
    free = [one for one in blocks if not any(id(segment) in busy for segment in one.segments)]
    for block in free:
        high = height_share(labelled, block) < 0.5
        if is_free(block, "seller") and is_name(block.name) and (high or legal_form(block.name)):
            party = party_of((block, 0.8 if legal_form(block.name) else 0.62))
            return _named_above(labelled, _whole_name(labelled, party), busy)
    named = max(_named(labelled, busy), key=lambda one: one.score, default=None)
    if named is None:
        return None
    below = block_at(labelled, named.segment, (named.segment.box.left,))
    for block in (below, *free):
        if block.address:
            address = said_text("\n".join(block.address), block.segments[0], 0.6)
            return Party(name=named, address=address, segments=block.segments)
    return Party(name=named, segments=(named.segment,))


def _whole_name(labelled: Labelled, party: Party) -> Party:
    """With the line above where the block begins with little more than Ltd."""
    if party.name is None:
        return party
    segments = labelled.view.sheet_of(party.name.segment).segments
    place = next(at for at, one in enumerate(segments) if one is party.name.segment)
    text = _with_beginning(segments, place, party.name.value.text)
    name = said_text(text, party.name.segment, party.name.score)
    return Party(name=name, address=party.address, segments=party.segments)


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
            header = sheet.segments[place - 1].text if place else ""
            if header == "From:" and (sender := text.partition(" <")[0].strip(' "')):
                yield from filter(None, [said_text(sender, segment, 0.7)])
            if id(segment) in busy or not is_name(text) or is_street(text) or header in MAIL:
                continue
            if not labelled.hits and not legal_form(text):
                continue  # no bill at all, as far as one can see
            share = segment.box.top / max(1.0, sheet.page.height)
            score = _likelihood(labelled, segment, place, share, segment.height / usual)
            candidate = said_text(_with_beginning(sheet.segments, place, text), segment, score)
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
    return f"{above.text} {text}" if near and close and is_name(above.text) else text


def _likelihood(
    labelled: Labelled, segment: Segment, place: int, share: float, size: float
) -> float:
    text = segment.text
    score = 0.72 if legal_form(text) else 0.3
    hits = labelled.of_segment(segment)
    if hits and hits[0].first and hits[0].clarity >= 0.95:
        score -= 0.35
    if len(text.split()) > 8:
        score -= 0.25
    score += 0.12 if share < 0.15 else 0.0 if share < HEAD else -0.1
    score += 0.12 if size > 1.35 else 0.0
    return score + (0.15 if place == 0 else 0.08 if place < 3 else 0.0)


def _usual_height(segments: tuple[Segment, ...]) -> float:
    heights = sorted(segment.height for segment in segments)
    return heights[len(heights) // 2] if heights else 1.0
