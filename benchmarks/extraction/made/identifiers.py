"""Identifiers with right check digits."""

from __future__ import annotations

import random

from jobs.extraction.local.values.vat import vat_checks

__all__ = ["iban", "vat_id"]

BANKS = {"GB": "NWBK", "DE": "", "FR": "", "ES": "", "IT": "X", "NL": "ABNA", "PT": ""}
DIGITS = {"GB": 14, "DE": 18, "FR": 23, "ES": 20, "IT": 22, "NL": 10, "PT": 21}
SHAPES = {"GB": 9, "DE": 9, "FR": 11, "IT": 11, "PT": 9}


def iban(country: str, rng: random.Random) -> str:
    """An account that nobody has."""
    rest = BANKS[country] + "".join(rng.choice("0123456789") for _ in range(DIGITS[country]))
    number = int("".join(str(int(letter, 36)) for letter in f"{rest}{country}00"))
    return f"{country}{98 - number % 97:02d}{rest}"


def vat_id(country: str, rng: random.Random) -> str:
    """A tax payer that nobody is."""
    while True:
        digits = "".join(rng.choice("123456789") for _ in range(SHAPES.get(country, 8)))
        text = {
            "US": f"{digits[:2]}-{digits[1:8]}", "ES": f"ESB{digits[:7]}{rng.randrange(10)}",
            "NL": f"NL{digits}{rng.randrange(10)}B01",
        }.get(country, f"{country}{digits}")  # fmt: skip
        if country == "US" or vat_checks(text):
            return text
