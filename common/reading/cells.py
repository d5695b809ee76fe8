"""Values of cells, written as plainly as they can be: 1234.50, 2026-03-01, 19 %."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

__all__ = ["written"]

_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]$]*\]')
_CURRENCY = re.compile(r"\[\$([^\]-]+)[^\]]*\]")
_SIGN = re.compile(
    r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|INR|SEK|NOK|DKK|PLN|CZK)\b|Fr\.|kr|zł"
)
_MIDNIGHT = dt.time()


def written(value: Any, form: str = "General") -> str:
    """A value as text: a point before decimals, nothing between thousands, ISO dates; with the
    currency's sign, the percent sign and as many decimals as the cell's format shows."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, form.partition(";")[0])
        case dt.datetime():
            return _moment(value)
        case _:
            return str(value)


def _moment(value: dt.datetime) -> str:
    if value.time() == _MIDNIGHT:
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _number(value: float, form: str) -> str:
    if not math.isfinite(value):
        return str(value)
    plain = _ASIDE.sub("", form)
    if "%" in plain:
        return f"{_decimals(Decimal(repr(value)) * 100, plain)} %"
    number = _decimals(Decimal(repr(value)), plain)
    currency = _currency(form)
    if not currency:
        return number
    return f"{currency} {number}" if _leads(form, currency) else f"{number} {currency}"


def _decimals(number: Decimal, form: str) -> str:
    """As many as the format shows; where it says nothing, as many as there are, up to 12."""
    if found := re.search(r"[0#]\.(0+)", form):
        return f"{number.quantize(Decimal(1).scaleb(-len(found[1])), ROUND_HALF_UP):f}"
    rounded = number.quantize(Decimal(1).scaleb(-12)) if abs(number) < 10**15 else number
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _currency(form: str) -> str:
    if found := _CURRENCY.search(form):
        return found[1].strip()
    found = _SIGN.search(form)
    return found[0] if found else ""


def _leads(form: str, currency: str) -> bool:
    digit = re.search(r"[0#]", form)
    return digit is not None and form.find(currency) < digit.start()
