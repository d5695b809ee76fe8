"""Which known concept a schema's field is, and the phrases that it brings along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jobs.extraction.local.book import Book, Meaning, known_book, known_items
from jobs.extraction.local.labels import ALIASES, KINDS
from jobs.extraction.local.text import tokens
from jobs.extraction.schema import Field, Kind, Schema

__all__ = ["column_of", "concept_of", "concepts_of", "own_phrases"]

TEXTS = frozenset({Kind.TEXT, Kind.ID, Kind.ADDRESS})
NUMBERS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.PERCENT})
EXTRA = {
    "seller_address": Kind.ADDRESS, "buyer_address": Kind.ADDRESS, "seller_tax_id": Kind.ID,
    "service_start": Kind.DATE, "service_end": Kind.DATE,
}  # fmt: skip
LONGEST_DESCRIPTION = 4
"""Words; a longer one explains, and is no label."""


def concept_of(field: Field) -> str:
    """A known concept, or one of its own: `field:` and its name."""
    own = f"field:{field.name}"
    if field.kind in {Kind.BOOLEAN, Kind.ROWS}:
        return own
    for name in (field.name.lower(), *_known(field, known_book())):
        concept = ALIASES.get(name, name)
        if _fits(concept, field.kind):
            return concept
    return own


def concepts_of(schema: Schema) -> dict[str, str]:
    """By field. Where two mean the same, such as phone and mobile, the second goes by its own
    labels."""
    concepts: dict[str, str] = {}
    for field in schema.fields:
        concept = concept_of(field)
        taken = concept in concepts.values() and bool(field.labels)
        concepts[field.name] = f"field:{field.name}" if taken else concept
    return concepts


def column_of(field: Field) -> str:
    """The same for a field of rows."""
    for concept in _known(field, known_items()):
        if _column_fits(concept, field.kind):
            return concept
    return f"field:{field.name}"


def own_phrases(field: Field, concept: str) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """What the schema says that stands beside or above the value."""
    said = [field.name.replace("_", " ").replace("-", " "), *field.labels]
    if 0 < len(field.description.split()) <= LONGEST_DESCRIPTION:
        said.append(field.description)
    for place, text in enumerate(said):
        phrase = tokens(text)
        if phrase:
            yield phrase, Meaning(concept, 1.0 if place or len(phrase) > 1 else 0.85)


def _known(field: Field, book: Book) -> list[str]:
    """Concepts of the name's words, then of most labels."""
    by_name = book.meanings.get(tokens(field.name.replace("_", " ")), ())
    names = [meaning.concept for meaning in by_name]
    counted: Counter[str] = Counter()
    for label in field.labels:
        for meaning in book.meanings.get(tokens(label), ())[:1]:
            counted[meaning.concept] += 1
    most = [concept for concept, count in counted.most_common(2) if count * 3 > len(field.labels)]
    return names + most


def _fits(concept: str, kind: Kind) -> bool:
    own = KINDS.get(concept) or EXTRA.get(concept)
    if own is None:
        return False
    return own is kind or {own, kind} <= TEXTS or {own, kind} <= NUMBERS


def _column_fits(concept: str, kind: Kind) -> bool:
    name = concept.removeprefix("item.")
    if name in {"amount", "unit_price", "gross", "tax", "quantity", "discount"}:
        return kind in NUMBERS
    if name == "tax_rate":
        return kind in {Kind.PERCENT, Kind.NUMBER, Kind.TEXT}
    if name == "date":
        return kind is Kind.DATE
    return kind in TEXTS or (name == "position" and kind is Kind.INTEGER)
