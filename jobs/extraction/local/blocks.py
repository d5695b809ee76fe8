"""Lines that belong together, one below the other: an address, and the name above it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.hits import Hit
from jobs.extraction.local.values.contact import emails, phones, urls
from jobs.extraction.local.values.ids import vat_ids
from jobs.extraction.local.values.places import is_country, is_street, is_town, legal_form
from jobs.extraction.local.view import Segment

__all__ = [
    "MOST_LINES",
    "NAMES",
    "PITCH",
    "Block",
    "block_at",
    "block_of",
    "ends",
    "in_line",
    "is_contact",
]

MOST_LINES = 7
REGISTERS = {"registration_number", "vat_id", "seller_vat_id", "seller_tax_id", "tax_number"}
NAMES = {"seller", "buyer", "ship_to"}
PARTS = {"seller", "buyer", "address"}
PITCH = 2.2
"""How far below a line the next of its block begins, in heights."""
PAIR = re.compile(r"^[^:]{2,40}:\s?\S*\d")
PHONE = re.compile(
    r"(?:tele?|t\u00e9l|tlf|fon|phone|fax|telefax|telefon|t\u00e9l\u00e9phone|tel\u00e9fono|telefono|telefoon|"
    r"telephone|telefone|mob|mobile?|m\u00f3vil|handy)\b",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"^(?:name|nom|nombre|nome|naam|firma|company|address|adresse|anschrift|dirección|indirizzo|adres|"
    r"morada|street|straße|rue|calle|via)\s?:\s?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """Lines, with the segments that they are of."""

    lines: tuple[str, ...]
    segments: tuple[Segment, ...]
    hit: Hit | None = None
    role: str = ""
    """Whose a label right above says it is: seller, buyer, ship_to; "" where none does."""

    @property
    def name(self) -> str:
        return self.lines[0] if self.lines else ""

    @property
    def address(self) -> tuple[str, ...]:
        """The lines from the street to the town or the country."""
        lines = self.lines[1:]
        marks = [place for place, line in enumerate(lines) if _is_postal(line)]
        if not marks:
            return ()
        last = marks[-1]
        if last + 1 < len(lines) and is_country(lines[last + 1]):
            last += 1
        return lines[_first(lines, marks[0]) : last + 1]

    @property
    def is_postal(self) -> bool:
        return any(map(_is_postal, self.lines))


def _is_postal(line: str) -> bool:
    """Whether it is of an address; phone numbers look like postcodes."""
    return (is_street(line) or is_town(line)) and not is_contact(line)


def _first(lines: tuple[str, ...], mark: int) -> int:
    """Where the address begins: a line before the town is its street, whatever it looks like."""
    if mark and not is_street(lines[mark]) and any(char.isdigit() for char in lines[mark - 1]):
        return mark - 1
    return mark


def block_of(labelled: Labelled, hit: Hit) -> Block | None:
    """What a label such as Bill to introduces: behind it, beside it or below it."""
    rest = labelled.rest_of(hit).strip(" :,-")
    segment = hit.segment
    if len(rest) > 2 and any(character.isalpha() for character in rest):
        lines, segments = [rest], [segment]
        left = segment.left_of(hit.rest)
        more = block_at(labelled, segment, (segment.box.left, left), skip=True)
        return Block((*lines, *more.lines), (*segments, *more.segments), hit)
    if not hit.first:
        return None
    start = _beside(labelled, segment) or _under(labelled, segment)
    if start is None:
        return None
    found = block_at(labelled, start, (start.box.left,))
    return Block(found.lines, found.segments, hit) if found.lines else None


def _beside(labelled: Labelled, segment: Segment) -> Segment | None:
    row = labelled.view.row_of(segment)
    for other in row[segment.place + 1 :]:
        near = other.box.left - segment.box.right < 12 * segment.height
        return other if near and not labelled.begins(other) and _is_worded(other.text) else None
    return None


def _under(labelled: Labelled, segment: Segment) -> Segment | None:
    for other in labelled.view.sheet_of(segment).below(segment, most=4):
        if other.box.top - segment.box.bottom > 3 * segment.height:
            return None
        if abs(other.box.left - segment.box.left) < 2 * segment.height:
            if (
                labelled.begins(other)
                and not legal_form(other.text)
                and not NAMED.match(other.text)
            ):
                if _line(labelled, other) and not _is_numbered(other.text):
                    return None
                continue  # a number of theirs, before the name
            return other
    return None


def _is_numbered(text: str) -> bool:
    return sum(character.isdigit() for character in text) > 3


def block_at(
    labelled: Labelled, start: Segment, lefts: tuple[float, ...], *, skip: bool = False
) -> Block:
    """The lines from there on downwards that begin at the same place."""
    lines: list[str] = []
    segments: list[Segment] = []
    if not skip and (line := _line(labelled, start)):
        lines, segments = [line], [start]
    last = start
    lefts = (*lefts, *_value_left(labelled, start))
    for segment in labelled.view.sheet_of(start).below(start, most=3 * MOST_LINES):
        height = max(last.height, segment.height)
        if segment.box.top - last.box.top > PITCH * height or len(lines) >= MOST_LINES:
            break
        if not in_line(segment, start, lefts) or segment.row == last.row:
            continue
        lefts = (*lefts, *_value_left(labelled, segment))
        if _registers(labelled, segment) and not any(map(is_town, lines)):
            last = segment  # stands between a company's name and its street
            continue
        if ends(labelled, segment):
            break
        if line := _line(labelled, segment):
            lines.append(line)
            segments.append(segment)
        last = segment
    return Block(tuple(lines), tuple(segments))


def _line(labelled: Labelled, segment: Segment) -> str:
    """What a line says of a name or an address; nothing where it is a label and a number."""
    row = labelled.view.row_of(segment)
    behind = row[segment.place + 1].text if segment.place + 1 < len(row) else ""
    apart = behind.startswith(":") or segment.text.endswith(":")
    text = f"{segment.text} {behind}".strip() if apart else segment.text
    if NAMED.match(text):
        return NAMED.sub("", text)
    return "" if PAIR.match(text) or text.rstrip().endswith(":") else segment.text


def _value_left(labelled: Labelled, segment: Segment) -> tuple[float, ...]:
    """Where the value stands in a line such as `Name:   Smith`."""
    row = labelled.view.row_of(segment)
    if NAMED.match(segment.text) and segment.text.endswith(":") and segment.place + 1 < len(row):
        return (row[segment.place + 1].box.left,)
    return ()


def in_line(segment: Segment, start: Segment, lefts: tuple[float, ...]) -> bool:
    """Whether a line stands where those of the block that `start` is of do."""
    near = 0.8 * segment.height
    if any(abs(segment.box.left - left) < near for left in lefts):
        return True
    middle = (segment.box.left + segment.box.right - start.box.left - start.box.right) / 2
    return abs(middle) < near or abs(segment.box.right - start.box.right) < near / 2


def _registers(labelled: Labelled, segment: Segment) -> bool:
    """Whether a line is a company's number in some register."""
    hits = labelled.of_segment(segment)
    return bool(hits) and hits[0].first and hits[0].meanings[0].concept in REGISTERS


def ends(labelled: Labelled, segment: Segment) -> bool:
    """Whether something else begins with that line."""
    if any(found.start == 0 for found in vat_ids(segment.text)) and not is_town(segment.text):
        return True
    hits = labelled.of_segment(segment)
    if any(hit.first and hit.concepts[0] in NAMES and hit.clarity > 0.9 for hit in hits):
        return True  # the other side begins
    strong = [hit for hit in hits if hit.first and hit.meanings[0].concept not in PARTS]
    labelled_value = any(hit.clarity >= 0.95 for hit in strong) and not is_town(segment.text)
    return is_contact(segment.text) or (labelled_value and not is_street(segment.text))


def is_contact(text: str) -> bool:
    """Whether a line says how to reach someone but by post."""
    if any(True for _ in emails(text)) or any(True for _ in urls(text)):
        return True
    said = bool(PHONE.match(text))
    return any(said or phone.quality == 1.0 for phone in phones(text)) and not is_street(text)


def _is_worded(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 3
