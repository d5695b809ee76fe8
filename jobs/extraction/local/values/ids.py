"""Numbers that identify: of documents, accounts, banks and tax payers, with their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobs.extraction.local.values.numbers import LONGEST
from jobs.extraction.local.values.value import Value
from jobs.extraction.local.values.vat import vat_checks

__all__ = ["bics", "ibans", "ids", "vat_ids"]

ID = re.compile(r"[#(]?([^\W_][\w\-/.\u2013]{0,39})")
# The country, two check digits, and groups; what follows the length of its country is cut off.
IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2})\s?(\d{2})((?:[\s.\-]?[A-Z0-9]{1,4}){2,15})")
BIC = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{4}\s?[A-Z]{2}\s?[A-Z0-9]{2}(?:\s?[A-Z0-9]{3})?(?![A-Za-z0-9])"
)
LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AT\s?U|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|"
    r"NO|PL|PT|RO|SE|SI|SK|XI)\s?[A-Z0-9](?:[\s.\-]?[A-Z0-9]){5,13}|CHE[\s\-]?\d{3}[.\s]?\d{3}[.\s]?\d{3})"
    r"(?![A-Za-z0-9])"
)


def ids(text: str) -> Iterator[Value]:
    """Words with a digit, such as the number of an invoice; `RE 2024-17` is one."""
    text = text[:LONGEST]
    words = [match for match in ID.finditer(text) if match[1].strip("-/.")]
    for position, match in enumerate(words):
        word = match[1].rstrip(".-/\u2013")
        if not any(character.isdigit() for character in word):
            continue
        start, end = match.start(1), match.start(1) + len(word)
        before = words[position - 1] if position else None
        if before and _prefix(text, before, start):
            start = before.start(1)
        yield Value(text[start:end], start, end, 1.0, text[start:end])


def _prefix(text: str, before: re.Match[str], start: int) -> bool:
    """A few capitals in front belong to a number: `INV 0017`."""
    word = before[1]
    alone = word.isalpha() and word.isupper() and 1 <= len(word) <= 4 and before.start(1) == 0
    return alone and text[before.end(1) : start] in {" ", "-", " - ", "/"}


def ibans(text: str) -> Iterator[Value]:
    """IBANs; quality 1 where the check digits are right, little else."""
    text = text[:LONGEST]
    for match in IBAN.finditer(text):
        length = LENGTHS.get(match[1], 0)
        end, bare = _take(text, match.start(), match.end(), length)
        if not length or len(bare) != length:
            continue
        yield Value(
            bare, match.start(), end, 1.0 if _mod_97(bare) else 0.4, text[match.start() : end]
        )


def _take(text: str, start: int, end: int, length: int) -> tuple[int, str]:
    """As many letters and digits as an IBAN of this country has."""
    bare = ""
    for position in range(start, end):
        if text[position].isalnum():
            bare += text[position]
        if len(bare) == length:
            return position + 1, bare
    return end, bare


def _mod_97(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def bics(text: str) -> Iterator[Value]:
    """BICs; a word of eight capitals may be one, so only a label makes it sure."""
    for match in BIC.finditer(text[:LONGEST]):
        bare = re.sub(r"\s", "", match[0])
        known = bare[4:6] in LENGTHS or bare[4:6] in {"US", "CN", "JP", "AU", "CA", "SG", "IN"}
        if known:
            yield Value(bare, match.start(), match.end(), 0.9, match[0])


def vat_ids(text: str) -> Iterator[Value]:
    """VAT ids with their country; quality by the check digits, where its country has them."""
    text = text[:LONGEST]
    for match in VAT.finditer(text):
        found = _vat(text, match)
        if found:
            yield found


def _vat(text: str, match: re.Match[str]) -> Value | None:
    """The longest beginning of what matches that is one of its country."""
    end = match.end()
    while end > match.start() + 7:
        bare = re.sub(r"[\s.\-]", "", text[match.start() : end])
        checked = vat_checks(bare)
        if checked is not None:
            standing = text[match.start() : end].strip()
            return Value(bare, match.start(), end, 1.0 if checked else 0.5, standing)
        end = max(text.rfind(mark, match.start(), end) for mark in " .-")
    return None
