"""What is to be found in a document: fields, each with a name, a kind and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Field", "Kind", "Schema"]


class Kind(StrEnum):
    """What a field's value is, and so how it is written in JSON."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    """`{"amount": 1234.5, "currency": "EUR"}`; the currency by ISO 4217, null if it is not said."""
    PERCENT = "percent"
    """19 for 19 %."""
    DATE = "date"
    """`"2026-03-01"`."""
    BOOLEAN = "boolean"
    ID = "id"
    """A text such as the number of an invoice or of a tax payer, or an IBAN: as it stands."""
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    ADDRESS = "address"
    """A text of several lines."""
    ROWS = "rows"
    """A list of objects, such as an invoice's items."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One thing to find."""

    name: str
    """Letters, digits and underscores; the key of its value."""
    kind: Kind
    description: str = ""
    """What it means, for people and for models."""
    labels: tuple[str, ...] = ()
    """What may stand beside or above it in documents, in any language; its name and what is known
    of names like it come on top."""
    required: bool = False
    """Whether a document without it is reported as lacking."""
    choices: tuple[str, ...] = ()
    """The only values of a text that are allowed; empty for any."""
    bounds: tuple[tuple[str, float], ...] = ()
    """What of a JSON Schema's minimum, maximum, minLength and their like it has to keep to."""
    fields: tuple[Field, ...] = ()
    """Of each row, where it is rows."""
    is_plain: bool = False
    """Of rows: whether they are the values of their only column, and no objects, in a result."""
    path: tuple[str, ...] = ()
    """The keys under which the value is among a result's, one within the other; empty: its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """What is to be found in documents of one kind."""

    name: str
    fields: tuple[Field, ...]
    description: str = ""
