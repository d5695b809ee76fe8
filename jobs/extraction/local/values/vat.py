"""The shape and the check digits of VAT ids, by country."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["vat_checks"]

SHAPES = {
    "AT": r"U\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CHE": r"\d{9}", "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}",
    "GB": r"\d{9}|\d{12}",
    "XI": r"\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}", "LT": r"\d{9}|\d{12}", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}", "NO": r"\d{9}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}",
    "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
}  # fmt: skip
COMPILED = {country: re.compile(shape) for country, shape in SHAPES.items()}


def vat_checks(bare: str) -> bool | None:
    """None where it is no VAT id of its country, else whether its check digits are right; True
    for countries whose digits are not checked here."""
    country = "CHE" if bare.startswith("CHE") else bare[:2]
    rest = bare[len(country) :].removesuffix("MWST").removesuffix("TVA").removesuffix("IVA")
    shape = COMPILED.get(country)
    if shape is None or not shape.fullmatch(rest):
        return None
    check = CHECKS.get(country)
    return check(rest) if check else True


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _de(rest: str) -> bool:
    product = 10
    for digit in rest[:8]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(rest[8])


def _fr(rest: str) -> bool:
    if not rest.isdigit():
        return True  # the newer kind has letters, and another rule
    return (12 + 3 * (int(rest[2:]) % 97)) % 97 == int(rest[:2])


def _it(rest: str) -> bool:
    odd = sum(int(digit) for digit in rest[0:10:2])
    even = sum(sum(divmod(int(digit) * 2, 10)) for digit in rest[1:10:2])
    return (10 - (odd + even) % 10) % 10 == int(rest[10])


def _nl(rest: str) -> bool:
    if _weighted(rest, (9, 8, 7, 6, 5, 4, 3, 2)) % 11 == int(rest[8]):
        return True
    text = "NL" + rest  # sole traders' since 2020
    return int("".join(str(int(letter, 36)) for letter in text)) % 97 == 1


def _pt(rest: str) -> bool:
    check = 11 - _weighted(rest, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check > 9 else check) == int(rest[8])


def _pl(rest: str) -> bool:
    return _weighted(rest, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(rest[9])


def _be(rest: str) -> bool:
    return 97 - int(rest[:-2]) % 97 == int(rest[-2:])


def _at(rest: str) -> bool:
    digits = [int(digit) for digit in rest[1:]]
    total = sum(digits[0:7:2]) + sum(sum(divmod(digit * 2, 10)) for digit in digits[1:6:2])
    return (10 - (total + 4) % 10) % 10 == digits[7]


CHECKS: dict[str, Callable[[str], bool]] = {
    "AT": _at, "BE": _be, "DE": _de, "FR": _fr, "IT": _it, "NL": _nl, "PL": _pl, "PT": _pt,
}  # fmt: skip
