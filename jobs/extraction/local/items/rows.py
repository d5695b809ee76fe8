"""The rows of the table that a schema asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jobs.extraction.local.beside import Labelled
from jobs.extraction.local.book import Book
from jobs.extraction.local.context import Writing
from jobs.extraction.local.items.bare import bare_items
from jobs.extraction.local.items.cells import Cells, cells_of, text_of
from jobs.extraction.local.items.header import Header, headers
from jobs.extraction.local.items.item import Item
from jobs.extraction.local.items.read import MONEY, amount_in, read_cell, unit_of
from jobs.extraction.local.values import Value
from jobs.extraction.local.view import Segment
from jobs.extraction.schema import Field, Kind

__all__ = ["Item", "Items", "items_of"]

ENDS = frozenset({"net", "tax", "gross", "due", "paid"})
MAY_END = frozenset({"shipping", "discount", "tip"})
FAR = 9.0
"""Heights without any row after which a table has ended."""
IDLE = 14
"""Rows without an item after which it has."""
NEAR = 2.4
"""Heights within which a line goes on with the row above it."""
MOST_ITEMS = 5000


@dataclass(frozen=True)
class Items:
    """Rows, and what their amounts add up to."""

    items: tuple[Item, ...] = ()
    headed: bool = field(default=True)

    @property
    def total(self) -> Decimal | None:
        found = [amount_in(item.values.get("item.amount")) for item in self.items]
        known = [amount for amount in found if amount is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(found) else None


def items_of(
    labelled: Labelled, book: Book, columns: Mapping[str, Field], writing: Writing
) -> Items:
    """The rows below the best header, on all its pages; else what looks like items without one."""
    every = [one for sheet in labelled.view.sheets for one in headers(sheet, book)]
    wanted = [one for one in every if len(one.concepts & set(columns)) >= min(2, len(columns))]
    for chosen in sorted(wanted, key=lambda one: -one.worth)[:4]:
        alike = _once([one for one in every if one.concepts == chosen.concepts])
        found = [item for one in alike for item in _rows(labelled, one, columns, writing)]
        if found:
            return Items(tuple(found[:MOST_ITEMS]))
    if "item.amount" in columns:
        return Items(tuple(bare_items(labelled, writing)), headed=False)
    return Items()


def _once(alike: list[Header]) -> list[Header]:
    """Of those in rows right below each other, as headers of several lines are, the last."""
    return [
        one
        for one, other in zip(alike, [*alike[1:], None], strict=True)
        if other is None or other.page != one.page or other.row - one.row > 3
    ]


def _rows(
    labelled: Labelled, header: Header, columns: Mapping[str, Field], writing: Writing
) -> Iterator[Item]:
    sheet = next(one for one in labelled.view.sheets if one.page.number == header.page)
    current: Item | None = None
    last, above, paused, idle = header.bottom, header.bottom, False, 0
    for row in sheet.rows[header.row + 1 :]:
        if row[0].box.top - above > FAR * max(header.height, row[0].height) or idle > IDLE:
            break
        above, idle = row[0].box.bottom, idle + 1
        cells = cells_of(row, header)
        end = _end(labelled, row, cells, header)
        if end == "all":
            break
        item = None if end else _item(cells, header, columns, writing)
        paused = end == "part" or (paused and not (item and item.multiplies))
        near = row[0].box.top - last < row[0].height
        if item is not None and not paused:
            joined = _joined(current, item, header) if near and current else None
            if current and joined is None and _is_whole(current, header):
                yield current
            current, last, idle = joined or item, row[0].box.bottom, 0
        elif current and not paused and row[0].box.top - last < NEAR * row[0].height:
            current = _gone_on(current, cells)
            last = row[0].box.bottom
    if current and _is_whole(current, header):
        yield current


def _is_whole(item: Item, header: Header) -> bool:
    """Where there are columns of money, an item has some."""
    return not header.concepts & MONEY or bool(set(item.values) & MONEY)


def _joined(one: Item, other: Item, header: Header) -> Item | None:
    """Two rows of one item, whose numbers do not stand in one line."""
    if "item.amount" not in header.concepts or set(one.values) & set(other.values) & NUMERIC:
        return None
    values = {**other.values, **one.values}
    joined = Item(values, {**other.where, **one.where})
    complete = {"item.quantity", "item.amount"} <= set(values)
    if not complete or "item.position" in other.values or joined.multiplies is False:
        return None
    first, second = one.values.get("item.description"), other.values.get("item.description")
    if first and second:
        text = f"{first.value}\n{second.value}"
        values["item.description"] = Value(text, first.start, first.end, first.quality, text)
    return joined


def _end(labelled: Labelled, row: Sequence[Segment], cells: Cells, header: Header) -> str:
    """`all` where the totals begin; `part` where rows may go on below a sum of some of them;
    `row` where this one is no item, but a discount or the like."""
    if not header.concepts & MONEY or not any(map(_has_digit, row)):
        return ""
    counted = "item.quantity" in cells
    for segment in row:
        for hit in labelled.of_segment(segment):
            if not hit.first or hit.clarity < 0.9:
                continue
            exact = len(hit.phrase) == len(segment.tokens) and segment is row[0]
            whole = len(hit.phrase) * 2 >= len(segment.tokens) or hit.clarity == 1.0
            few = not (counted and len(cells) > 2)
            if set(hit.concepts) & ENDS and (exact or (whole and few)):
                return "part" if hit.concepts[0] == "net" else "all"
            if set(hit.concepts) & MAY_END and whole and not counted and len(cells) < 3:
                return "row"
    return ""


def _has_digit(segment: Segment) -> bool:
    return any(character.isdigit() for character in segment.text)


def _item(
    cells: Cells, header: Header, columns: Mapping[str, Field], writing: Writing
) -> Item | None:
    """A row with enough values to be one of its own."""
    values: dict[str, Value] = {}
    where: dict[str, Segment] = {}
    for concept, cell in cells.items():
        value = read_cell(concept, columns.get(concept), text_of(cell), writing)
        if value is not None:
            values[concept], where[concept] = value, cell[0]
    if not _is_item(values, header, columns):
        return None
    if "item.quantity" in values and "item.unit" not in values:
        unit = unit_of(text_of(cells["item.quantity"]), values["item.quantity"])
        if unit:
            values["item.unit"], where["item.unit"] = unit, where["item.quantity"]
    return Item(values, where)


def _is_item(values: dict[str, Value], header: Header, columns: Mapping[str, Field]) -> bool:
    telling = {one for one in values if one in MONEY or _kind(one, columns) not in WORDS}
    if "item.amount" in header.concepts:
        begun = "item.quantity" in telling and len(values) > 1
        return "item.amount" in telling or begun
    if header.concepts & MONEY:
        return bool(telling & MONEY)
    if any(_kind(one, columns) not in WORDS for one in header.concepts & set(columns)):
        return bool(telling)
    return len(values) >= 2


NUMERIC = MONEY | {"item.quantity", "item.position"}
WORDS = frozenset({Kind.TEXT, Kind.ADDRESS, Kind.ID})


def _kind(concept: str, columns: Mapping[str, Field]) -> Kind:
    if concept in {"item.quantity", "item.tax_rate"}:
        return Kind.NUMBER
    found = columns.get(concept)
    return found.kind if found else Kind.TEXT


def _gone_on(item: Item, cells: Cells) -> Item:
    """What stands below a row in its column of text is of it; a line that is drawn is not."""
    for concept in ("item.description", *cells):
        value, below = item.values.get(concept), text_of(cells.get(concept, ()))
        if value is not None and isinstance(value.value, str) and any(map(str.isalnum, below)):
            text = f"{value.value}\n{below}"
            longer = Value(text, value.start, value.end, value.quality, text)
            return Item({**item.values, concept: longer}, item.where)
    return item
