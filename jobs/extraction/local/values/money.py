"""Amounts of money: with a symbol or a code before or behind, or bare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jobs.extraction.local.values.numbers import LONGEST, as_json, numbers
from jobs.extraction.local.values.value import Value

__all__ = ["CODES", "Amount", "currencies", "money", "money_json"]

# Those in daily use; three capital letters alone are too often something else.
CODES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KRW",
        "KWD",
        "MAD",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PKR",
        "PLN",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TND",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "UYU",
        "VND",
        "ZAR",
    ]
)
SYMBOLS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "₪": "ILS", "฿": "THB", "₫": "VND", "₴": "UAH", "zł": "PLN", "Kč": "CZK",
    "Ft": "HUF", "lei": "RON", "R$": "BRL", "US$": "USD", "C$": "CAD", "CA$": "CAD",
    "A$": "AUD", "AU$": "AUD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "MX$": "MXN",
    "RM": "MYR", "Rs": "INR", "Rs.": "INR", "Fr.": "CHF", "SFr.": "CHF", "Euro": "EUR",
    "euros": "EUR", "EURO": "EUR", "Euros": "EUR",
}  # fmt: skip
# "kr" is of three countries: it says that this is money, and not which.
UNSAID = frozenset({"kr", "kr.", "Kr", ",-"})
_MARKS = sorted([*SYMBOLS, *UNSAID, *CODES], key=len, reverse=True)
MARK = "|".join(re.escape(mark) for mark in _MARKS)
BEFORE = re.compile(rf"(?<![A-Za-z])(?:{MARK})\s{{0,2}}[-\u2212]?\s?$")
BEHIND = re.compile(rf"\s{{0,2}}(?:{MARK})(?![A-Za-z])")
ANY = re.compile(rf"(?<![A-Za-z])(?:{MARK})(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, and of which currency: "" where it is not said."""

    amount: Decimal
    currency: str = ""


def money(text: str, *, decimal: str = "") -> Iterator[Value]:
    """All amounts in a text; quality is 1 with a currency, less without, least for whole ones."""
    text = text[:LONGEST]
    for number in numbers(text, decimal=decimal):
        if text[number.end : number.end + 2].strip()[:1] == "%":
            continue
        yield _amount(text, number)


def money_json(amount: Amount, currency: str = "") -> dict[str, Any]:
    """As findings have it; `currency` is the document's, where none stands beside the amount."""
    return {"amount": as_json(amount.amount), "currency": amount.currency or currency or None}


def currencies(text: str) -> Iterator[str]:
    """The codes of all currencies that are named in a text, again for each time."""
    for match in ANY.finditer(text[: LONGEST * 10]):
        if code := _code(match[0]):
            yield code


def _amount(text: str, number: Value) -> Value:
    start, end, code, said = number.start, number.end, "", False
    if before := BEFORE.search(text, max(0, start - 8), start):
        code, start, said = _code(before[0].strip(" -\u2212")), before.start(), True
    if behind := BEHIND.match(text, end):
        code, end, said = code or _code(behind[0].strip()), behind.end(), True
    value = number.value
    if said and value > 0 and any(dash in text[start : number.start] for dash in "-\u2212"):
        value = -value
    quality = (1.0 if said else _bare(number)) * number.quality
    return Value(Amount(value, code), start, end, quality, text[start:end].strip())


def _bare(number: Value) -> float:
    """Cents make a number look like money."""
    exponent = number.value.as_tuple().exponent
    return 0.9 if exponent == -2 else 0.5 if exponent == 0 else 0.6


def _code(mark: str) -> str:
    mark = mark.strip()
    return mark if mark in CODES else SYMBOLS.get(mark, "")
