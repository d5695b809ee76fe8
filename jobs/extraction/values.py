"""Values as their kinds are written in JSON: whatever a provider gives is held to this.

A value is made right where only its writing is wrong (blanks around it, 3.0 for 3), and refused
where it is something else: what a document made a model say gets no further.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from jobs.extraction.bounds import broken
from jobs.extraction.schema import Field, Kind

__all__ = ["BadValue", "checked", "printable"]

_LONGEST = 20_000
"""Characters of a text."""
_SHORT = 300
"""Characters of what is not prose."""
_LARGEST = 1e15
"""Up to which a float still has its cents."""
_EMAIL = re.compile(r"[^\s@<>\"',;()]{1,64}@[^\s@<>\"',;()]{1,200}\.[^\s@<>\"',;().\d]{2,63}")
_URL = re.compile(r"(?i)(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#][^\s<>\"']*)?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def printable(text: str) -> str:
    """Text without control characters; a lone surrogate, which no store takes, becomes "?"."""
    told = text.encode("utf-8", "replace").decode()
    return "".join(c for c in told if c in "\n\t" or unicodedata.category(c) != "Cc")


class BadValue(ValueError):
    """Raised when a value is not of its field's kind; the text says what it should be."""


def checked(field: Field, value: Any) -> Any:
    """The value, as its kind is written; not for rows, which are checked cell by cell.

    Raises BadValue.
    """
    try:
        found = _KINDS[field.kind](value, field)
        fault = broken(found, field.bounds)
    except (TypeError, ValueError, OverflowError) as error:
        said = str(error) if isinstance(error, BadValue) else f"it is no {field.kind}"
        raise BadValue(said) from None
    if fault:
        raise BadValue(fault)
    return found


def _text(value: Any, field: Field) -> str:
    text = _clean(value, _LONGEST)
    return _choice(text, field.choices) if field.choices else text


def _short(value: Any, _: Field) -> str:
    return " ".join(_clean(value, _SHORT).split())


def _address(value: Any, _: Field) -> str:
    return _clean(value, _LONGEST)


def _integer(value: Any, field: Field) -> int:
    number = _number(value, field)
    if number != int(number):
        raise BadValue("it must be a whole number")
    return int(number)


def _number(value: Any, _: Field) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue("it must be a number, without unit or currency")
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise BadValue("it must be a finite number below 1e15")
    return value


def _money(value: Any, field: Field) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadValue('it must be an object such as {"amount": 12.5, "currency": "EUR"}')
    currency = value.get("currency")
    if currency is not None:
        currency = currency.strip().upper() if isinstance(currency, str) else ""
        if not _CURRENCY.fullmatch(currency):
            raise BadValue("its currency must have the three letters of ISO 4217, or be null")
    return {"amount": _number(value.get("amount"), field), "currency": currency}


def _date(value: Any, _: Field) -> str:
    text = value.strip() if isinstance(value, str) else ""
    # Python also reads 20260301 and 2026-W09-7, which are not what was asked for.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadValue("it must be a date such as 2026-03-01")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue("there is no such day") from None


def _boolean(value: Any, _: Field) -> bool:
    if not isinstance(value, bool):
        raise BadValue("it must be true or false")
    return value


def _email(value: Any, field: Field) -> str:
    text = _short(value, field)
    if not _EMAIL.fullmatch(text):
        raise BadValue("it must be an e-mail address")
    return text


def _url(value: Any, field: Field) -> str:
    text = _short(value, field)
    if not _URL.fullmatch(text):
        raise BadValue("it must be the address of a website")
    return text


def _phone(value: Any, field: Field) -> str:
    text = _short(value, field)
    if sum(character.isdigit() for character in text) < 3:
        raise BadValue("it must be a telephone number")
    return text


def _rows(_value: Any, _: Field) -> Any:
    raise BadValue("it must be a list of objects")


_KINDS: Mapping[Kind, Callable[[Any, Field], Any]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.INTEGER: _integer,
        Kind.NUMBER: _number,
        Kind.MONEY: _money,
        Kind.PERCENT: _number,
        Kind.DATE: _date,
        Kind.BOOLEAN: _boolean,
        Kind.ID: _short,
        Kind.EMAIL: _email,
        Kind.PHONE: _phone,
        Kind.URL: _url,
        Kind.ADDRESS: _address,
        Kind.ROWS: _rows,
    }
)


def _clean(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise BadValue("it must be a text")
    text = printable(value).strip()
    if not text:
        raise BadValue("it is empty; say null for what is not there")
    if len(text) > most:
        raise BadValue(f"it is over {most:,} characters")
    return text


def _choice(text: str, choices: tuple[str, ...]) -> str:
    found = next((choice for choice in choices if choice.casefold() == text.casefold()), None)
    if found is None:
        raise BadValue(f"it must be one of {', '.join(choices)[:300]}")
    return found
