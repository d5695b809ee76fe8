"""Receipts: narrow, centred, items without a header."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.extraction.made.facts import Facts
from benchmarks.extraction.made.layouts import Run
from benchmarks.extraction.made.wordings import Wording
from benchmarks.extraction.made.writing import Hand

__all__ = ["receipt"]


def receipt(
    facts: Facts, words: Wording, hand: Hand, part: str, rng: random.Random
) -> Iterator[Run]:
    """From the shop's name to thanks."""
    one, y, left, right = facts.seller, 16.0, 30.0, 110.0
    for line in (one.name, one.street, one.town, f"{words['vat']}: {one.tax_id}"):
        yield Run(70, y, line, 10, align="C", bold=line == one.name)
        y += 5
    yield Run(70, y + 2, words["receipt"], 11, bold=True, align="C")
    y += 9
    time = f"{rng.randrange(8, 21):02d}:{rng.randrange(60):02d}"
    if part == "dev":
        yield Run(left, y, f"{words['date']}: {hand.date(facts.date)}", 9)
        yield Run(right, y, time, 9, align="R")
    else:
        yield Run(left, y, f"{hand.date(facts.date)} {time}", 9)
    for item in facts.items:
        y += 5.5
        yield Run(
            left,
            y,
            f"{int(item.quantity)} x {item.description}" if part == "dev" else item.description,
            9,
        )
        yield Run(right, y, hand.number(item.amount), 9, align="R")
    y += 4
    rows = [
        (words["net"], facts.net),
        (f"{words['tax']} {facts.rate}%", facts.tax),
        (words["gross"], facts.gross),
    ]
    for label, value in rows:
        y += 5.5
        yield Run(left, y, label, 10 if value == facts.gross else 9, bold=value == facts.gross)
        yield Run(right, y, hand.total(value), 10 if value == facts.gross else 9, align="R")
    yield Run(left, y + 6, words["cash"], 9)
    yield Run(right, y + 6, hand.number(facts.gross), 9, align="R")
    yield Run(70, y + 16, words["thanks"], 8, align="C")
