"""One side of a deal: a name and an address, and how either looks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.blocks import Block, is_contact
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.text import plain
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.places import legal_form
from jobs.extraction.local.view import CODE, Segment

__all__ = ["HEAD", "TITLES", "Party", "height_share", "is_free", "is_name", "party_of", "said_text"]

TITLES = re.compile(
    r"^(?:firma|herrn?|frau|mr\.?|mrs\.?|ms\.?|m\.|mme\.?|sr\.?|sra\.?|spett\.?(?:le|abile)|"
    r"exmos?\.?(?:\(s\))?\s(?:sr\.?(?:\(s\))?|senhore?s?)|t\.a\.v\.|an|to|attn\.?|c/o)[\s:.,]+",
    re.IGNORECASE,
)
# How lines begin that say what a paper is, or are polite, and name nobody.
PAPER = re.compile(
    r"^(?:\(c\)|\u00a9|copyright|stylesheet|\d{4}\s|(?:tax |vat )?invoice|rechnung|facture|factura|"
    r"fattura|factuur|fatura|receipt|quittung|page\b|seite|pagina|copy|original|duplica|duplikat|"
    r"kopie|copia|copie|dear|sehr geehrte|date\b|datum|fecha|gutschrift|credit note|avoir|"
    r"bestellung|auftrag|recu|ticket|bon\b|kassenbon|recibo|ricevuta|scontrino|documento|number|"
    r"nummer|name\b|gln|guten tag|thank|vielen dank|merci|gracias|grazie|dank|obrigad|welcome|cash|"
    r"bill|statement|amount|total|iban|bic|tel|fax|www|handelsrechnung)"
)
HEAD = 0.35
"""Share of the first page where letterheads and addresses stand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """A name and an address, each where it was found."""

    name: Candidate | None = None
    address: Candidate | None = None
    segments: tuple[Segment, ...] = ()


def party_of(said: tuple[Block, float] | None) -> Party:
    """The name and the address of a block."""
    if said is None:
        return Party()
    block, score = said
    block = _untitled(block)
    name = said_text(TITLES.sub("", block.name).strip(" ,"), block.segments[0], score)
    name = name if name and any(char.isalpha() for char in block.name) else None
    address = block.address
    where = block.segments[min(1, len(block.segments) - 1)]
    found = said_text("\n".join(address), where, score) if address else None
    return Party(name=name, address=found, segments=block.segments)


def _untitled(block: Block) -> Block:
    """Without a line that only says Mr or Company."""
    if len(block.lines) > 1 and not TITLES.sub("", block.lines[0] + " ").strip():
        return Block(block.lines[1:], block.segments[1:], block.hit)
    return block


def said_text(text: str, segment: Segment, score: float) -> Candidate | None:
    """A text as a candidate; None where it is empty."""
    if not text.strip():
        return None
    value = Value(text, 0, len(text), 1.0, text)
    score *= 0.5 + 0.5 * segment.certainty
    return Candidate(value=value, segment=segment, score=score)


def is_name(text: str) -> bool:
    """Whether a line may be somebody's name."""
    if PAPER.match(plain(text)) or text.startswith((":", "(", "*")) or CODE.fullmatch(text):
        return False
    if ":" in text and not legal_form(text):
        return False
    letters = sum(character.isalpha() for character in text)
    digits = sum(character.isdigit() for character in text)
    return 2 < len(text) < 90 and letters > digits and not is_contact(text)


def is_free(block: Block, side: str) -> bool:
    """Not one that a label says is somebody else's than this side's."""
    return block.role in {"", side} and len(block.lines) >= 2


def height_share(labelled: Labelled, block: Block) -> float:
    """How far down the first page a block begins; 1 on others."""
    if block.segments[0].page != labelled.view.sheets[0].page.number:
        return 1.0
    return block.segments[0].box.top / max(1.0, labelled.view.sheets[0].page.height)
