"""What of a text is a value of a kind, or of a concept that narrows its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from jobs.extraction.local.context import Writing
from jobs.extraction.local.text import plain
from jobs.extraction.local.values import Value
from jobs.extraction.local.values.contact import emails, phones, urls
from jobs.extraction.local.values.dates import dates
from jobs.extraction.local.values.ids import bics, ibans, ids, vat_ids
from jobs.extraction.local.values.money import CODES, currencies, money
from jobs.extraction.local.values.numbers import LONGEST, as_json, numbers
from jobs.extraction.schema import Field, Kind

__all__ = ["Reader", "amounts", "percents", "reader"]

Reader = Callable[[str], list[Value]]

PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,4})?)\s?%")
TIME = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?::([0-5]\d))?(?:\s?([AaPp])\.?[Mm]\.?)?(?![\d:])"
)
YES = frozenset(
    ["yes", "y", "true", "ja", "oui", "si", "sim", "x", "wahr", "vrai", "1", "checked", "on", "tak"]
)
NO = frozenset(
    [
        "no",
        "n",
        "false",
        "nein",
        "non",
        "nao",
        "nee",
        "falsch",
        "faux",
        "0",
        "off",
        "unchecked",
        "nie",
    ]
)
TICKED, EMPTY = "\u2611\u2612\u2713\u2714\u2717\u2718\u25a0\u25cf", "\u2610\u25a1\u25cb"
VAT_DIGITS = re.compile(
    r"(?<![A-Z0-9])(?:CHE-?\d{3}\.\d{3}\.\d{3}|\d(?:[\s.\-]?\d){7,13}|[A-Z]-?\d{7,8}-?[A-Z0-9]?|\d{8}-?[A-Z])(?![A-Za-z0-9])"
)
TAX_NUMBER = re.compile(
    r"(?<![\w])\d{2,5}\s?/\s?\d{3,4}\s?/\s?\d{3,5}(?![\w/])|(?<![\w/])[A-Z0-9](?:[\s.\-/]?[A-Z0-9]){6,16}(?![\w/])"
)


def reader(kind: Kind, concept: str, writing: Writing, field: Field | None = None) -> Reader:
    """Reads all values of a kind out of a text, from left to right."""
    if concept in BY_CONCEPT:
        return lambda text: list(BY_CONCEPT[concept](text))
    if kind in {Kind.MONEY, Kind.NUMBER, Kind.INTEGER}:
        return lambda text: list(_counted(kind, text, writing))
    if kind is Kind.DATE:
        return lambda text: list(dates(text, writing.order))
    if field is not None and field.choices:
        return lambda text: list(_choices(text, field.choices))
    return lambda text: list(BY_KIND.get(kind, _whole)(text))


def amounts(text: str, writing: Writing) -> list[Value]:
    """Money that is no part of a date, and no share."""
    taken = [(value.start, value.end) for value in dates(text, writing.order)]
    return [
        value
        for value in money(text, decimal=writing.decimal)
        if not any(start < value.end and value.start < end for start, end in taken)
    ]


def percents(text: str) -> Iterator[Value]:
    """Numbers before a percent sign."""
    for match in PERCENT.finditer(text[:LONGEST]):
        number = next(iter(numbers(match[1])), None)
        if number is not None and 0 <= number.value <= 100:
            yield Value(as_json(number.value), match.start(), match.end(), 1.0, match[0])


def _counted(kind: Kind, text: str, writing: Writing) -> Iterator[Value]:
    if kind is Kind.MONEY:
        yield from _likely(amounts(text, writing), text)
        return
    taken = [(value.start, value.end) for value in dates(text, writing.order)]
    for number in numbers(text, decimal=writing.decimal):
        whole = number.value == number.value.to_integral_value()
        clear = not any(start < number.end and number.start < end for start, end in taken)
        if clear and (whole or kind is Kind.NUMBER):
            value = as_json(number.value)
            yield Value(value, number.start, number.end, number.quality, number.text)


def _likely(values: list[Value], text: str) -> Iterator[Value]:
    """A bare whole number is an amount only where nothing else stands."""
    for value in values:
        alone = len(text.strip(" :.")) <= len(value.text) + 1
        if value.quality >= 0.55 or alone:
            yield value


def _bare_percents(text: str) -> Iterator[Value]:
    found = list(percents(text))
    if found:
        yield from found
        return
    for number in numbers(text):
        if 0 <= number.value <= 100 and len(text.strip()) <= len(number.text) + 2:
            yield Value(as_json(number.value), number.start, number.end, 0.7, number.text)


def _booleans(text: str) -> Iterator[Value]:
    bare = text.strip(" :.-")
    word = plain(bare.split()[0]).strip("[]().,") if bare else ""
    if bare[:1] and (bare[0] in TICKED or word in YES):
        yield Value(True, 0, len(text), 0.95, bare)  # noqa: FBT003
    elif bare[:1] and (bare[0] in EMPTY or word in NO or bare.startswith(("[ ]", "[]"))):
        yield Value(False, 0, len(text), 0.95, bare)  # noqa: FBT003


def _choices(text: str, choices: tuple[str, ...]) -> Iterator[Value]:
    bare = plain(text)
    for choice in choices:
        at = bare.find(plain(choice))
        after = bare[at + len(plain(choice)) :][:1]
        if at >= 0 and not after.isalnum() and not bare[max(0, at - 1) : at].isalnum():
            quality = 1.0 if len(bare.strip(" :.")) == len(plain(choice)) else 0.85
            yield Value(choice, at, at + len(choice), quality, choice)


def _times(text: str) -> Iterator[Value]:
    for match in TIME.finditer(text[:LONGEST]):
        yield Value(
            match[0].strip(), match.start(), match.end(), 1.0 if ":" in match[0] else 0.6, match[0]
        )


def _whole(text: str) -> Iterator[Value]:
    bare = text.strip(" :|\t")
    if bare and any(character.isalnum() for character in bare):
        start = text.find(bare)
        yield Value(bare, start, start + len(bare), 0.9, bare)


def _tax_ids(text: str) -> Iterator[Value]:
    found = list(vat_ids(text))
    yield from found
    if not found:
        for match in VAT_DIGITS.finditer(text[:LONGEST]):
            yield Value(match[0], match.start(), match.end(), 0.85, match[0])


def _tax_numbers(text: str) -> Iterator[Value]:
    for match in TAX_NUMBER.finditer(text[:LONGEST]):
        if sum(character.isdigit() for character in match[0]) >= 5:
            yield Value(match[0], match.start(), match.end(), 0.95, match[0])


def _codes(text: str) -> Iterator[Value]:
    for code in currencies(text):
        yield Value(code, 0, len(text), 1.0 if code in CODES else 0.5, text.strip())


def _ids(text: str) -> Iterator[Value]:
    """An account's number has spaces, and is one all the same."""
    accounts = [one for one in ibans(text) if one.quality == 1.0]
    yield from accounts or ids(text)


BY_CONCEPT: dict[str, Callable[[str], Iterator[Value]]] = {
    "iban": ibans, "bic": bics, "vat_id": _tax_ids, "seller_vat_id": _tax_ids,
    "buyer_vat_id": _tax_ids, "tax_number": _tax_numbers, "currency": _codes, "time": _times,
}  # fmt: skip
BY_KIND: dict[Kind, Callable[[str], Iterator[Value]]] = {
    Kind.TEXT: _whole, Kind.ADDRESS: _whole, Kind.ID: _ids, Kind.EMAIL: emails, Kind.PHONE: phones,
    Kind.URL: urls, Kind.PERCENT: _bare_percents, Kind.BOOLEAN: _booleans,
}  # fmt: skip
