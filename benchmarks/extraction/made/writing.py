"""Numbers, money and days as papers write them."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

__all__ = ["Hand"]

MARKS = {"en": ",.", "de": ".,", "fr": " ,", "es": ".,", "it": ".,", "nl": ".,", "pt": ".,"}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",  # noqa: E501
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",  # noqa: E501
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",  # noqa: E501
}  # fmt: skip
DATES = {
    "de": ("{d:02d}.{m:02d}.{y}", "{d}. {name} {y}", "{d:02d}.{m:02d}.{yy:02d}"),
    "nl": ("{d:02d}-{m:02d}-{y}", "{d} {name} {y}", "{d}-{m}-{y}"),
    "US": ("{m:02d}/{d:02d}/{y}", "{name} {d}, {y}", "{m}/{d}/{y}"),
    "en": ("{d:02d}/{m:02d}/{y}", "{d} {name} {y}", "{y}-{m:02d}-{d:02d}"),
    "es": ("{d:02d}/{m:02d}/{y}", "{d} de {name} de {y}", "{d:02d}-{m:02d}-{y}"),
    "pt": ("{d:02d}/{m:02d}/{y}", "{d} de {name} de {y}", "{y}-{m:02d}-{d:02d}"),
}  # fmt: skip


class Hand:
    """One document's way of writing."""

    def __init__(self, language: str, country: str, currency: str, rng: random.Random) -> None:
        self._marks = MARKS[language]
        self._months = MONTHS[language].split()
        self._date = rng.choice(
            DATES.get(
                "US" if country == "US" else language, ("{d:02d}/{m:02d}/{y}", "{d} {name} {y}")
            )
        )
        symbol = SYMBOLS[currency]
        before = (f"{symbol}{{}}", f"{currency} {{}}") if language == "en" else (f"{{}} {symbol}",)
        self._money = rng.choice(
            (*before, "{}", f"{{}} {currency}" if language != "en" else before[0])
        )
        self._total = rng.choice((*before, before[0]))

    def date(self, day: date) -> str:
        return self._date.format(
            d=day.day, m=day.month, y=day.year, yy=day.year % 100, name=self._months[day.month - 1]
        )

    def number(self, value: Decimal) -> str:
        text = f"{value:,.2f}"
        group, decimal = self._marks
        return text.replace(",", "\0").replace(".", decimal).replace("\0", group)

    def quantity(self, value: Decimal) -> str:
        return str(int(value))

    def money(self, value: Decimal) -> str:
        return self._money.format(self.number(value))

    def total(self, value: Decimal) -> str:
        return self._total.format(self.number(value))
