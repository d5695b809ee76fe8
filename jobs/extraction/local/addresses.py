"""Addresses that no label introduces: a town, and the lines above it that belong to it."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.blocks import MOST_LINES, NAMES, PITCH, Block, ends, in_line
from jobs.extraction.local.values.places import is_country, is_town
from jobs.extraction.local.view import Segment

__all__ = ["address_blocks"]

WIDE = 3.2
"""Between the street and the town of an old letter."""


def address_blocks(labelled: Labelled) -> Iterator[Block]:
    """All blocks with a town, from top to bottom, each with the lines above it."""
    for sheet in labelled.view.sheets[:2]:
        taken: set[int] = set()
        for segment in sheet.segments[:600]:
            if id(segment) in taken or not is_town(segment.text):
                continue
            above, role = _above(labelled, segment)
            after = _after(labelled, segment)
            segments = (*above, segment, *after)
            taken.update(map(id, segments))
            if len(segments) > 1:
                yield Block(tuple(one.text for one in segments), segments, role=role)


def _above(labelled: Labelled, town: Segment) -> tuple[tuple[Segment, ...], str]:
    """The lines up to where something else stands, and the side that a label above them names."""
    sheet = labelled.view.sheet_of(town)
    found: list[Segment] = []
    last = town
    for row in reversed(sheet.rows[max(0, town.row - MOST_LINES) : town.row]):
        for segment in row:
            if not in_line(segment, town, (town.box.left,)):
                continue
            straight = abs(last.box.left - segment.box.left) < 2
            pitch = WIDE if straight else PITCH
            far = last.box.top - segment.box.top > pitch * max(last.height, segment.height)
            if role := "" if far else _introduced(labelled, segment):
                return tuple(reversed(found)), role
            if far or ends(labelled, segment) or len(found) >= 4 or is_town(segment.text):
                return tuple(reversed(found)), ""
            found.append(segment)
            last = segment
            break
    return tuple(reversed(found)), ""


def _introduced(labelled: Labelled, segment: Segment) -> str:
    """The side that a line says the ones below it are of."""
    hits = labelled.of_segment(segment)
    if hits and hits[0].first and hits[0].clarity >= 0.95 and hits[0].concepts[0] in NAMES:
        return hits[0].concepts[0]
    return ""


def _after(labelled: Labelled, town: Segment) -> tuple[Segment, ...]:
    for segment in labelled.view.sheet_of(town).below(town, most=2):
        if in_line(segment, town, (town.box.left,)) and is_country(segment.text):
            return (segment,)
    return ()
