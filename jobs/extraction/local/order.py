"""Whether 03/04/2026 is in March or in April, where only the dates' distance can say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jobs.extraction.local.beside import Labelled, beside
from jobs.extraction.local.context import Writing
from jobs.extraction.local.kinds import reader
from jobs.extraction.local.values.dates import Order
from jobs.extraction.schema import Kind

__all__ = ["settled"]

SURE = 0.95
USUAL = frozenset({7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 90})
"""Days that invoices give their buyers."""
LONGEST = 150


def settled(labelled: Labelled, writing: Writing) -> Writing:
    """With the order by which the due date comes some usual time after the invoice's."""
    if writing.order_surety >= SURE:
        return writing
    other = Order.MONTH if writing.order is Order.DAY else Order.DAY
    turned = replace(writing, order=other)
    here, there = _sense(labelled, writing), _sense(labelled, turned)
    if there > here:
        return replace(turned, order_surety=0.9)
    return replace(writing, order_surety=SURE) if here > there else writing


def _sense(labelled: Labelled, writing: Writing) -> int:
    """0 where the dates make none, 2 where they make much."""
    begun, due = (_dated(labelled, concept, writing) for concept in ("invoice_date", "due_date"))
    if begun is None or due is None:
        return 0
    days = (due - begun).days
    return (0 <= days <= LONGEST) + (days in USUAL)


def _dated(labelled: Labelled, concept: str, writing: Writing) -> date | None:
    read = reader(Kind.DATE, "", writing)
    found = (
        one
        for hit, strength in labelled.named((concept,))
        for one in beside(labelled, hit, strength, read)
    )
    best = max(found, key=lambda one: one.score, default=None)
    return best.value.value.date if best else None
