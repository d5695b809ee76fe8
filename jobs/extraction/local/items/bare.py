"""Items without a header above them, as on receipts: a text, and an amount behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.context import Writing
from jobs.extraction.local.items.item import Item
from jobs.extraction.local.kinds import amounts
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.numbers import numbers
from jobs.extraction.local.values.places import is_street, is_town
from jobs.extraction.local.view import Segment

__all__ = ["bare_items"]

MULTIPLIED = re.compile(
    r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,3})?)\s?(?:x|X|\u00d7|\*|@|st[kc]?\.?|pz)(?![A-Za-z])"
)
ENDS = frozenset({"net", "tax", "gross", "due", "paid", "tip", "discount"})
MOST = 300


def bare_items(labelled: Labelled, writing: Writing) -> Iterator[Item]:
    """Until the first total; nothing where none ever comes."""
    pending: tuple[Segment, Decimal, Value] | None = None
    for row in _above_totals(labelled):
        amount = _last_amount(row, writing)
        words = _words(row)
        times = _times(row, writing)
        if amount is None:
            pending = times or pending
            continue
        if words is None and times is None:
            continue
        yield _item(row, words, amount, times or pending)
        pending = None


def _above_totals(labelled: Labelled) -> list[Sequence[Segment]]:
    rows: list[Sequence[Segment]] = []
    for sheet in labelled.view.sheets[:3]:
        for row in sheet.rows[:MOST]:
            hits = [hit for segment in row for hit in labelled.of_segment(segment)]
            if any(
                hit.first and set(hit.concepts) & ENDS and hit.clarity > 0.9 for hit in hits
            ) and (any(char.isdigit() for segment in row for char in segment.text)):
                return rows
            if not any(hit.first and hit.clarity >= 0.95 for hit in hits):
                rows.append(row)
    return []


def _last_amount(row: Sequence[Segment], writing: Writing) -> tuple[Value, Segment] | None:
    last = row[-1]
    if is_town(last.text) or (is_street(last.text) and len(row) == 1):
        return None
    found = [value for value in amounts(last.text, writing) if value.quality >= 0.9]
    behind = last.text[found[-1].end :].strip() if found else ""
    return (found[-1], last) if found and len(behind) <= 3 else None


def _words(row: Sequence[Segment]) -> Value | None:
    first = row[0].text
    cut = re.sub(r"\s+[-]?\d[\d.,]*\s?\S{0,3}$", "", first) if len(row) == 1 else first
    cut = MULTIPLIED.sub("", cut, count=1).strip(" -*") if MULTIPLIED.match(cut) else cut
    if sum(character.isalpha() for character in cut) < 3:
        return None
    return Value(cut.strip(), 0, len(cut), 0.8, first)


def _times(row: Sequence[Segment], writing: Writing) -> tuple[Segment, Decimal, Value] | None:
    """`2 x 3.50`, in the row of an item or in the one before or behind it."""
    for segment in row:
        match = MULTIPLIED.search(segment.text)
        if match:
            quantity = next(numbers(match[1]), None)
            behind = segment.text[match.end() :]
            price = next(iter(amounts(behind, writing)), None)
            if quantity is not None and price is not None:
                return segment, quantity.value, price
            if quantity is not None and match.start() == 0:
                return segment, quantity.value, Value(None, 0, 0)
    return None


def _item(
    row: Sequence[Segment],
    words: Value | None,
    amount: tuple[Value, Segment],
    times: tuple[Segment, Decimal, Value] | None,
) -> Item:
    values, where = {"item.amount": amount[0]}, {"item.amount": amount[1]}
    if words:
        values["item.description"], where["item.description"] = words, row[0]
    if times:
        segment, quantity, price = times
        values["item.quantity"] = Value(quantity, 0, 0, 0.9, segment.text)
        where["item.quantity"] = segment
        if price.value is not None and price.value != amount[0].value:
            values["item.unit_price"], where["item.unit_price"] = price, segment
    return Item(values, where)
