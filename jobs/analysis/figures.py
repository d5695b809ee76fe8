"""Numbers and dates that a text tells: sums of money, shares, amounts with their units, days."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["figures_in", "numbers_in"]

_NUMBER = r"\d{1,3}(?:[.,'’\u202f\u00a0 ]\d{3})*(?:[.,]\d+)?|\d+(?:[.,]\d+)?"  # noqa: RUF001
_SCALE = (
    r"(?:\s?(?:thousand|million|billion|mn|bn|m|k|Mio\.?|Mrd\.?|Millionen|Milliarden|millions?"
    r"|milliards?|mil millones|millones))?"
)
_CURRENCY = r"(?:€|\$|£|¥|EUR|USD|GBP|CHF|JPY)"
_MONEY = rf"(?:{_CURRENCY}|[Ee]uros?|[Dd]ollars?|[Dd]ólares|pounds?|Pfund|francs?|Franken|yen|Yen)"
_OF = r"\sd['’]|\sde\s"  # noqa: RUF001
"""1,2 milliard d'euros, 12 millones de euros."""
_MONTH = (
    r"(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni?|July?|Juli"
    r"|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Okt(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Dez(?:ember)?)"
)
_UNIT = (
    r"(?:%|ct|cents?|Cent|percent|per cent|Prozent|pour cent|por ciento|kWh|MWh|GWh|kW|MW|km|kg"
    r"|tonnes?|tons?|Tonnen|toneladas|t|days?|Tagen?|Tage|jours?|días?|weeks?|Wochen|semaines?"
    r"|semanas?|months?|Monaten?|Monate|mois|meses|years?|Jahren?|Jahre|ans|años?"
    r"|hours?|Stunden|heures?|horas?|units?|unités?|unidades|pieces|Stück|Geräten?|Geräte"
    r"|people|Menschen|personnes|personas|employees|Mitarbeiter\w*|employés|empleados"
    r"|customers|Kunden|clients|clientes|users|Nutzer|utilisateurs|usuarios)"
)
_FIGURE = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}\.\d{{1,2}}\.\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:of\s)?{_MONTH}\.?\s\d{{4}}\b"
    rf"|\b{_MONTH}\.?\s\d{{1,2}},?\s\d{{4}}\b|\b{_MONTH}\s\d{{4}}\b"
    rf"|{_CURRENCY}\s?(?:{_NUMBER}){_SCALE}\b|\b(?:{_NUMBER}){_SCALE}(?:\s?|{_OF}){_MONEY}(?!\w)"
    rf"|\b(?:{_NUMBER}){_SCALE}\s?{_UNIT}(?!\w)"
)
_DIGITS = re.compile(r"\d+")


def figures_in(text: str) -> Iterator[str]:
    """Those of a text, in their order."""
    for found in _FIGURE.finditer(text):
        yield " ".join(found.group().split())


def numbers_in(text: str) -> set[str]:
    """Groups of digits, by which a number is known however it is written."""
    return set(_DIGITS.findall(text))
