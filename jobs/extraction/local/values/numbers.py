"""Numbers in any notation: 1.234,56 and 1,234.56 and 1 234,56 and 1'234.56."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jobs.extraction.local.values.value import Value

__all__ = ["LONGEST", "as_json", "numbers"]

LONGEST = 4000
"""Characters of a text that are looked at: values stand in lines, not in megabytes."""

SPACES = "\u0020\u00a0\u2009\u202f"
QUOTES = "'\u2019\u02bc`"
# Digits grouped by one kind of mark, then at most one decimal mark. Each part is bounded, and
# none can match what the one before it left, so that the time is linear in the text.
NUMBER = re.compile(
    rf"(?P<sign>[-\u2212\u2013+]\s?)?"
    rf"(?P<digits>\d{{1,3}}(?:(?P<mark>[.,{SPACES}{QUOTES}])\d{{3}}(?:(?P=mark)\d{{3}}){{0,4}})(?!\d)"
    rf"(?:[.,]\d{{1,6}})?|\d{{1,3}}(?:,\d{{2}}){{1,3}},\d{{3}}(?:\.\d{{1,4}})?(?![\d,])"
    rf"|\d{{1,15}}(?:[.,]\d{{1,6}})?|[.,]\d{{1,4}})"
    rf"(?P<behind>-(?![\w-]|\s\d)|,-+|\.-+)?"
)


def numbers(text: str, *, decimal: str = "") -> Iterator[Value]:
    """All numbers in a text; `decimal` is the mark its document uses, where that is known."""
    text = text[:LONGEST]
    for match in NUMBER.finditer(text):
        if _within_word(text, match.start(), match.end()):
            continue
        number, quality = _meaning(match["digits"], decimal)
        sign, start = match["sign"] or "", match.start()
        if sign and text[:start].rstrip()[-1:].isalnum() and _between(text, start, sign):
            sign, start = "", match.start("digits")
        behind = match["behind"] or ""
        negative = sign.strip() in {"-", "\u2212", "\u2013"} or behind.strip() == "-"
        start, end, brackets = _brackets(text, start, match.end())
        value = -number if (negative or brackets) and number else number
        yield Value(value, start, end, quality, text[start:end].strip())


def _between(text: str, start: int, sign: str) -> bool:
    """Whether a dash stands between two things, as in 2020-05 and 3 - 5, and is no sign."""
    return text[start - 1].isalnum() or (sign[-1].isspace() and text[:start].rstrip()[-1].isdigit())


def as_json(number: Decimal) -> int | float:
    """A number as JSON has it: whole ones without a point."""
    if number == number.to_integral_value() and abs(number) < 10**15:
        return int(number)
    return float(number)


def _within_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before in ".,/" and start > 1 and text[start - 2].isdigit():
        return True  # the rest of a date or of an address in a network
    if after in "./:-\u2013" and text[end + 1 : end + 2].isdigit():
        return True  # the beginning of one, or a time
    if before.isalpha() and not text[start : start + 1].isdigit():
        return False
    return (
        before.isdigit() or after.isdigit() or (before.isalpha() and not _unit_before(text, start))
    )


def _unit_before(text: str, start: int) -> bool:
    """EUR12,50 and x3 are numbers; A4 and RE2020 are not."""
    left = start
    while left and text[left - 1].isalpha() and start - left < 4:
        left -= 1
    return text[left:start].upper() in {"EUR", "USD", "GBP", "CHF", "RM", "KR", "RS", "X", "R"}


def _brackets(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """(12.50) is how accountants write -12.50."""
    if start and text[start - 1] == "(" and text[end : end + 1] == ")" and "." in text[start:end]:
        return start - 1, end + 1, True
    return start, end, False


def _meaning(digits: str, decimal: str) -> tuple[Decimal, float]:
    bare = digits
    for mark in SPACES + QUOTES:
        bare = bare.replace(mark, "")
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
        last = "," if bare.rfind(",") > bare.rfind(".") else "."
        return _decimal(bare, last), 1.0
    mark = "," if commas else "."
    if commas + points == 0:
        return Decimal(bare), 1.0
    if commas + points > 1:
        return Decimal(bare.replace(mark, "")), 1.0
    return _single_mark(bare, mark, decimal, grouped=bare != digits)


def _single_mark(bare: str, mark: str, decimal: str, *, grouped: bool) -> tuple[Decimal, float]:
    """1,234 is a thousand or a little more than one: the document's other numbers say which."""
    before, after = bare.split(mark)
    if len(after) != 3 or grouped or before in {"", "0"} or len(before) > 3:
        return _decimal(bare, mark), 1.0
    if decimal:
        return (_decimal(bare, mark) if mark == decimal else Decimal(before + after)), 0.95
    return Decimal(before + after), 0.7


def _decimal(bare: str, mark: str) -> Decimal:
    other = "." if mark == "," else ","
    return Decimal("0" + bare.replace(other, "").replace(mark, "."))
