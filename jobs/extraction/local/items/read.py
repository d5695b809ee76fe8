"""What the cells of a row mean."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import amounts, percents, reader
from jobs.extraction.local.text import plain
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.money import Amount
from jobs.extraction.local.values.numbers import numbers
from jobs.extraction.schema import Field, Kind

__all__ = ["MONEY", "amount_in", "read_cell", "unit_of"]

MONEY = frozenset({"item.amount", "item.unit_price", "item.gross", "item.tax"})
UNIT = re.compile(r"^[\s/]*([^\W\d_]{1,12}\.?\u00b2?\u00b3?)")


def read_cell(concept: str, field: Field | None, text: str, writing: Writing) -> Value | None:
    """The value in a cell, None where it has none of its column's kind."""
    if concept in MONEY:
        return _money(text, writing)
    if concept == "item.quantity":
        return next(numbers(text, decimal=_quantity_mark(text, writing)), None)
    if concept in {"item.tax_rate", "item.discount"}:
        return _rate(text)
    kind = field.kind if field else Kind.TEXT
    if kind is Kind.MONEY:
        return _money(text, writing)
    if kind is Kind.TEXT or concept in {"item.description", "item.sku", "item.unit"}:
        return _words(text)
    return next(iter(reader(kind, "", writing, field)(text)), None)


def _words(text: str) -> Value | None:
    bare = " ".join(text.split())
    return Value(bare, 0, len(text), 0.95, text) if bare else None


def _quantity_mark(text: str, writing: Writing) -> str:
    """1.000 pieces are one where another column says so; taken for a decimal mark where a
    document writes its cents with it."""
    return writing.decimal if writing.decimal and writing.decimal in text else ""


def _money(text: str, writing: Writing) -> Value | None:
    found = [value for value in amounts(text, writing) if value.quality >= 0.3]
    return max(found, key=lambda value: value.quality) if found else None


def _rate(text: str) -> Value | None:
    said = next(percents(text), None)
    if said is not None:
        return said
    number = next(numbers(text), None)
    if number is None or not 0 <= number.value <= 100:
        return None
    exact: Any = number.value
    return Value(_plain_number(exact), number.start, number.end, 0.9, number.text)


def _plain_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def unit_of(quantity: str, value: Value) -> Value | None:
    """The unit behind a quantity, in its cell: `3 Std.`"""
    behind = UNIT.match(quantity[value.end :])
    if not behind or plain(behind[1]).strip(".") in {"x", "a"}:
        return None
    return Value(behind[1], value.end, value.end + behind.end(), 0.9, behind[1])


def amount_in(value: Value | None) -> Decimal | None:
    """As a number, whether it is money or bare."""
    if value is None:
        return None
    if isinstance(value.value, Amount):
        return value.value.amount
    return Decimal(str(value.value)) if isinstance(value.value, (int, float, Decimal)) else None
