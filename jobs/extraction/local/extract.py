"""From a document and a schema to findings, without anybody's help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from common.reading.document import Document
from jobs.extraction.found import Findings, Found
from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.book import Book, known_book, known_items
from jobs.extraction.local.candidate import Candidate
from jobs.extraction.local.context import Writing, writing_of
from jobs.extraction.local.fields import column_of, concepts_of, own_phrases
from jobs.extraction.local.hits import hits
from jobs.extraction.local.items import Items, items_of
from jobs.extraction.local.order import settled
from jobs.extraction.local.parties import Parties, parties_of
from jobs.extraction.local.period import period_of
from jobs.extraction.local.rates import rate_of
from jobs.extraction.local.sequence import in_order
from jobs.extraction.local.singles import single
from jobs.extraction.local.sums import Sums, sums_of
from jobs.extraction.local.taxids import TaxIds, tax_ids_of
from jobs.extraction.local.view import View
from jobs.extraction.local.write import written, written_currency, written_rows
from jobs.extraction.schema import Field, Kind, Schema

__all__ = ["extract"]

SUMS = frozenset({"net", "tax", "gross", "due"})


def extract(document: Document, schema: Schema) -> Findings:
    """What of the schema's fields stands in the document. Only the schema says what is looked for:
    the document is searched, and nothing that it says is followed."""
    search = Search(document, schema)
    found = {field.name: search.find(field) for field in schema.fields}
    return in_order({name: one for name, one in found.items() if one is not None}, search.concepts)


@lru_cache(maxsize=32)
def _book(schema: Schema) -> Book:
    """The labels that are looked for. Batches have one schema for many documents."""
    single = [field for field in schema.fields if field.kind is not Kind.ROWS]
    concepts = concepts_of(schema)
    own = (pair for field in single for pair in own_phrases(field, concepts[field.name]))
    return known_book().with_phrases(own)


@lru_cache(maxsize=32)
def _items_book(field: Field) -> Book:
    own = (pair for one in field.fields for pair in own_phrases(one, column_of(one)))
    return known_items().with_phrases(own)


class Search:
    """One document and one schema; what several fields need is worked out once."""

    def __init__(self, document: Document, schema: Schema) -> None:
        self.schema = schema
        self.concepts = concepts_of(schema)
        self._found_items: dict[str, Items] = {}
        self.view = View.of(document)
        self.labelled = Labelled.of(self.view, hits(self.view, _book(schema)))
        self.writing: Writing = settled(self.labelled, writing_of(self.view))

    def find(self, field: Field) -> Found | None:
        """A field's finding."""
        if field.kind is Kind.ROWS:
            return self._rows(field)
        concept = self.concepts[field.name]
        if concept == "currency":
            return self._currency(field)
        candidate = self._candidate(field, concept)
        return None if candidate is None else written(candidate, field, concept, self.writing)

    def _candidate(self, field: Field, concept: str) -> Candidate | None:
        if concept in SUMS:
            return self._sum(concept)
        if concept in BY_GROUP:
            return BY_GROUP[concept](self)
        if concept in {"service_start", "service_end"}:
            return period_of(self.labelled, self.writing, field, last=concept == "service_end")
        if concept == "tax_rate":
            return rate_of(self.labelled, self.sums, self.writing)
        return single(self.labelled, field, concept, self.writing)

    def _sum(self, concept: str) -> Candidate | None:
        chosen: Candidate | None = getattr(self.sums, concept)
        if chosen is None:
            return None
        if self.sums.checked and concept != "due":
            return chosen.scaled(1.2)
        return chosen.scaled(0.8) if self.sums.checked is False else chosen.scaled(0.95)

    def _currency(self, field: Field) -> Found | None:
        said = single(self.labelled, field, "currency", self.writing)
        return written_currency(said, self.view, self.writing)

    def _rows(self, field: Field) -> Found | None:
        columns = {column_of(one): one for one in field.fields}
        return written_rows(self._items(field), columns, self.writing, self._sums_or_none())

    def _items(self, field: Field) -> Items:
        if field.name not in self._found_items:
            columns = {column_of(one): one for one in field.fields}
            book = _items_book(field)
            self._found_items[field.name] = items_of(self.labelled, book, columns, self.writing)
        return self._found_items[field.name]

    def _sums_or_none(self) -> Sums | None:
        return self.sums if SUMS & set(self.concepts.values()) else None

    @cached_property
    def sums(self) -> Sums:
        rows = next((field for field in self.schema.fields if field.kind is Kind.ROWS), None)
        total = self._items(rows).total if rows else None
        return sums_of(self.labelled, self.writing, total)

    @cached_property
    def parties(self) -> Parties:
        return parties_of(self.labelled)

    @cached_property
    def tax_ids(self) -> TaxIds:
        return tax_ids_of(self.labelled, self.parties, self.writing)


BY_GROUP: Mapping[str, Callable[[Search], Candidate | None]] = {
    "seller": lambda search: search.parties.seller.name,
    "seller_address": lambda search: search.parties.seller.address,
    "buyer": lambda search: search.parties.buyer.name,
    "buyer_address": lambda search: search.parties.buyer.address,
    "seller_vat_id": lambda search: search.tax_ids.seller,
    "buyer_vat_id": lambda search: search.tax_ids.buyer,
    "tax_number": lambda search: search.tax_ids.number,
    "seller_tax_id": lambda search: search.tax_ids.seller or search.tax_ids.number,
}
