"""What a document's own values say of how it writes them: marks, order of dates, currency."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.extraction.local.text import tokens
from jobs.extraction.local.values.dates import Order, Written, dates
from jobs.extraction.local.values.money import currencies

if TYPE_CHECKING:
    from jobs.extraction.local.view import View

__all__ = ["Writing", "writing_of"]

MOST_TEXT = 200_000
COMMA = re.compile(r"\d,\d{2}(?![\d.,])")
POINT = re.compile(r"\d\.\d{2}(?![\d.,])")
US_TOWN = re.compile(r"(?<![A-Za-z])[A-Z]{2}\s\d{5}(?:-\d{4})?(?!\d)")
# Words that few invoices of the other side have; counted, so that one alone decides little.
AMERICAN = frozenset(["zip", "ein", "sales", "usd", "state"])
EUROPEAN = frozenset(
    [
        "vat",
        "iban",
        "gst",
        "eur",
        "gbp",
        "chf",
        "bic",
        "mwst",
        "ust",
        "tva",
        "iva",
        "btw",
        "und",
        "der",
        "die",
        "de",
        "la",
        "le",
        "les",
        "del",
        "el",
        "il",
        "van",
        "het",
        "een",
        "het",
        "com",
        "para",
        "rechnung",
        "facture",
        "factura",
        "fattura",
        "factuur",
        "fatura",
        "myr",
        "rm",
        "sdn",
        "aud",
        "abn",
        "inr",
        "gstin",
        "ltd",
        "pty",
        "zar",
    ]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """How this document writes values."""

    decimal: str = ""
    """The mark before cents; "" if it shows none."""
    order: Order = Order.DAY
    order_surety: float = 0.9
    """How sure it is that `order` is meant where a date may be read both ways."""
    currency: str = ""
    currency_surety: float = 0.0


def writing_of(view: View) -> Writing:
    """From all that stands in it."""
    lines = [segment.text for segment in view.segments]
    text = "\n".join(lines)[:MOST_TEXT]
    order, surety = _order(lines, text)
    currency, share = _currency(text)
    return Writing(
        decimal=_decimal(text),
        order=order,
        order_surety=surety,
        currency=currency,
        currency_surety=share,
    )


def _decimal(text: str) -> str:
    commas = sum(1 for _ in COMMA.finditer(text))
    points = sum(1 for _ in POINT.finditer(text))
    if commas == points:
        return ""
    return "," if commas > points else "."


def _currency(text: str) -> tuple[str, float]:
    counted = Counter(currencies(text))
    if counted["USD"] and any(code.endswith("D") and code != "USD" for code in counted):
        dollars = counted.pop("USD")  # "$" is also what Canada and Australia write
        other = max((code for code in counted if code.endswith("D")), key=counted.__getitem__)
        counted[other] += dollars
    if not counted:
        return "", 0.0
    (code, count), total = counted.most_common(1)[0], counted.total()
    return code, count / total


def _order(lines: list[str], text: str) -> tuple[Order, float]:
    shown: Counter[Order] = Counter()
    for line in lines:
        for value in dates(line):
            written: Written = value.value
            if written.surely:
                shown[written.surely] += 1
    if shown:
        order = shown.most_common(1)[0][0]
        return order, 0.97 if len(shown) == 1 else 0.6
    american, european = _sides(text)
    if american > european:
        return Order.MONTH, 0.9 if american > european + 1 else 0.75
    return Order.DAY, 0.9 if european > american + 1 else 0.65


def _sides(text: str) -> tuple[int, int]:
    words = {token for line in text[:20_000].split("\n") for token in tokens(line)}
    american = len(words & AMERICAN) + 2 * bool(US_TOWN.search(text[:MOST_TEXT]))
    european = len(words & EUROPEAN)
    return american + ("$" in text and "US$" in text), european + ("€" in text) + ("£" in text)
