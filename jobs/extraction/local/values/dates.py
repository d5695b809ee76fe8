"""Dates in the usual notations of many languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from jobs.extraction.local.values.months import month_of
from jobs.extraction.local.values.numbers import LONGEST
from jobs.extraction.local.values.value import Value

__all__ = ["Order", "Written", "dates"]


class Order(StrEnum):
    """What comes first in 03/04/2026."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written; `other` is what it means with day and month the other way."""

    date: dt.date
    other: dt.date | None = None
    surely: Order | None = None
    """What it shows about the document's order, where only one of them can be."""


SEPARATOR = r"\s?[./\-\u2010-\u2013]\s?"
NUMERIC = re.compile(
    rf"(?<![\d.,/\-])(\d{{1,4}})({SEPARATOR})(\d{{1,2}}){SEPARATOR}(\d{{2,4}})(?!\d|[./\-]\d|,\d)"
)
WORD = r"([^\W\d_]{3,12})"
OF = r"(?:\s?(?:de|of|di|do|del)\s|[\s.\-/,]{0,2})"
DAY_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:\s?(?:(?:st|nd|rd|th|er)\b|[\u00ba\u00aa.]))?"
    rf"{OF}{WORD}\.?{OF}[',\u2019]?\s?(\d{{4}}|\d{{2}})(?!\d|[.,]\d)",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_]){WORD}\.?[\s\-.]{{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-.]{{1,3}}(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(
    rf"(?<!\d)(\d{{4}})[\s\-./]{{1,2}}{WORD}\.?[\s\-./]{{1,2}}(\d{{1,2}})(?!\d)"
)
EAST = re.compile(
    r"(?<!\d)(\d{4})\s?[\u5e74\ub144]\s?(\d{1,2})\s?[\u6708\uc6d4]\s?(\d{1,2})\s?[\u65e5\uc77c]"
)
COMPACT = re.compile(r"(?<!\w)(20[0-4]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\w)")


def dates(text: str, order: Order = Order.DAY) -> Iterator[Value]:
    """All dates in a text, from left to right; each value is a `Written`."""
    text = text[:LONGEST]
    if not any(character.isdigit() for character in text):
        return
    found = sorted(_all(text, order), key=lambda value: (value.start, -value.end))
    reached = -1
    for value in found:
        if value.start >= reached:
            reached = value.end
            yield value


def _all(text: str, order: Order) -> Iterator[Value]:
    for match in NUMERIC.finditer(text):
        yield from _value(match, _numeric(match[1], match[2], match[3], match[4], order))
    for match in EAST.finditer(text):
        yield from _value(match, _written(int(match[1]), int(match[2]), int(match[3])))
    for match in COMPACT.finditer(text):
        yield from _value(match, _written(int(match[1]), int(match[2]), int(match[3])), 0.5)
    for match in DAY_FIRST.finditer(text):
        yield from _value(match, _named(match[3], match[2], match[1]))
    for match in MONTH_FIRST.finditer(text):
        yield from _value(match, _named(match[3], match[1], match[2]))
    for match in YEAR_FIRST.finditer(text):
        yield from _value(match, _named(match[1], match[2], match[3]))


def _value(match: re.Match[str], written: Written | None, quality: float = 1.0) -> Iterator[Value]:
    if written is not None:
        yield Value(written, match.start(), match.end(), quality, match[0].strip())


def _named(year: str, month: str, day: str) -> Written | None:
    number = month_of(month)
    return _written(_year(year), number, int(day)) if number else None


def _numeric(first: str, mark: str, second: str, third: str, order: Order) -> Written | None:
    if len(first) == 4:
        return _written(int(first), int(second), int(third)) if len(third) == 2 else None
    if len(first) == 3 or len(third) == 3:
        return None
    year, one, two = _year(third), int(first), int(second)
    by_day, by_month = _day(year, two, one), _day(year, one, two)
    if "." in mark:  # nobody writes 12.31.2026
        return Written(by_day) if by_day else None
    if by_day and by_month and by_day != by_month:
        one_way = order is Order.DAY
        return Written(by_day, by_month) if one_way else Written(by_month, by_day)
    if by_day is None:
        return Written(by_month, surely=Order.MONTH) if by_month else None
    return Written(by_day, surely=Order.DAY if by_month is None else None)


def _written(year: int, month: int, day: int) -> Written | None:
    meant = _day(year, month, day)
    return Written(meant) if meant else None


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> dt.date | None:
    if not 1900 <= year <= 2199:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
