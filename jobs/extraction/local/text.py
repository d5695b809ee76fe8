"""Words as they are compared: without case, accents and marks, compounds cut where they join."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["NUMBER", "plain", "tokens"]

NUMBER = "#"
"""Stands for no., nr., n°, number, Nummer, numéro and the like."""

NUMBERS = frozenset(
    [
        "no",
        "nr",
        "nro",
        "num",
        "number",
        "nummer",
        "numero",
        "numer",
        "numm",
        "nbr",
        "numbers",
        "nummern",
        "nos",
        "nº",
        "№",
        "cislo",
    ]
)
SPELLINGS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "№": "#"})
# German and Dutch write what the others write as two words.
ENDINGS = {
    "nummer": NUMBER, "nr": NUMBER, "number": NUMBER, "datum": "datum", "betrag": "betrag",
    "bedrag": "bedrag", "summe": "summe", "preis": "preis", "prijs": "prijs", "adresse": "adresse",
    "zeitraum": "zeitraum", "date": "date",
}  # fmt: skip
# The same said otherwise, so that a phrase needs to be known in one way only.
SAME = {
    **dict.fromkeys(["ust", "umsatzsteuer", "mehrwertsteuer", "mws"], "mwst"),
    **dict.fromkeys(["gst", "sst", "hst"], "vat"),
    **dict.fromkeys(
        [
            "including",
            "inclusive",
            "inc",
            "inkl",
            "inklusive",
            "inclusief",
            "inclusa",
            "incluido",
            "incluida",
            "incl",
        ],
        "incl",
    ),
    **dict.fromkeys(
        ["excluding", "exclusive", "exkl", "exklusive", "exclusief", "esclusa", "excluido"], "excl"
    ),
    **dict.fromkeys(
        ["ref", "reference", "referenz", "referencia", "referentie", "riferimento"], "ref"
    ),
}
SPLIT = re.compile(r"[a-z]+[0-9][a-z0-9]*|[a-z]+|[0-9]+|[#%]")
INITIALS = re.compile(r"(?<![^\W_])([a-z])\.\s?(?=[a-z](?:\.|$|[^a-z]))")
HUMP = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})")
DEGREE = re.compile(r"\b(?:(?:n|nr|no)\.?\s?[°º˚*](?!\w)|n\.(?=$|[\s:]))", re.IGNORECASE)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case, without accents."""
    lowered = text.casefold().translate(SPELLINGS)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """What a label is compared by: ("rechnungs", "#") for Rechnungs-Nr. and Rechnungsnummer."""
    spaced = HUMP.sub(" ", DEGREE.sub("#", text[:400]))
    parts = SPLIT.findall(INITIALS.sub(r"\1", plain(spaced)))
    return tuple(token for part in parts for token in _token(part))


def _token(part: str) -> tuple[str, ...]:
    if part in NUMBERS:
        return (NUMBER,)
    if part in SAME:
        return (SAME[part],)
    if len(part) > 10 and part.endswith("rechnung") and part != "abrechnung":
        return ("rechnung",)  # of rent, of a part, of trade: Mietrechnung, Teilrechnung
    for ending, meaning in ENDINGS.items():
        stem = part.removesuffix(ending)
        if stem != part and len(stem) >= (2 if meaning == NUMBER else 3):
            return (SAME.get(stem, stem), meaning)
    return (part,)
