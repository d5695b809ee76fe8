"""A row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jobs.extraction.local.items.read import amount_in
from jobs.extraction.local.values import Value
from jobs.extraction.local.view import Segment

__all__ = ["Item"]


@dataclass(frozen=True)
class Item:
    """Its values and where they stand, by column."""

    values: dict[str, Value]
    where: dict[str, Segment]

    @property
    def multiplies(self) -> bool | None:
        """Whether quantity times price is the amount; None where one of them is missing."""
        quantity = amount_in(self.values.get("item.quantity"))
        price = amount_in(self.values.get("item.unit_price"))
        amount = amount_in(self.values.get("item.amount"))
        if quantity is None or price is None or amount is None:
            return None
        product, slack = quantity * price, Decimal("0.02") + abs(quantity) * Decimal("0.005")
        discount = amount_in(self.values.get("item.discount"))
        if discount and abs(product * (1 - discount / 100) - amount) <= slack:
            return True
        return abs(product - amount) <= slack
