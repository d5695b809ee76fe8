"""Where things stand on the page: three layouts that were looked at, and three that were not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.extraction.made.facts import Facts, Party
from benchmarks.extraction.made.wordings import Wording
from benchmarks.extraction.made.writing import Hand

__all__ = ["LAYOUTS", "Run"]


@dataclass(frozen=True)
class Run:
    """Some text: millimetres from the left and the top; `align` R ends there."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False
    align: str = "L"


Column = tuple[float, str, str]
"""Where, how aligned, and what."""


def _party(x: float, y: float, party: Party, align: str = "L") -> Iterator[Run]:
    for place, line in enumerate((party.name, party.street, party.town)):
        yield Run(x, y + 5 * place, line, align=align, bold=place == 0)


def _pairs(facts: Facts, words: Wording, hand: Hand) -> list[tuple[str, str]]:
    pairs = [(words["number"], facts.number), (words["date"], hand.date(facts.date))]
    if facts.due:
        pairs.append((words["due"], hand.date(facts.due)))
    if facts.order:
        pairs.append((words["order"], facts.order))
    return pairs


def _table(
    y: float, header: Sequence[Column], rows: Sequence[Sequence[str]], pitch: float = 6
) -> Iterator[Run]:
    for x, align, text in header:
        yield Run(x, y, text, bold=True, align=align)
    for row in rows:
        y += pitch
        lines = max(cell.count("\n") for cell in row)
        for (x, align, _), cell in zip(header, row, strict=True):
            for place, line in enumerate(cell.split("\n")):
                yield Run(x, y + 4.5 * place, line, align=align)
        y += 4.5 * lines


def _sums(facts: Facts, words: Wording, hand: Hand, *, rate: bool = True) -> list[tuple[str, str]]:
    tax = f"{words['tax']} {facts.rate} %" if rate else words["tax"]
    return [
        (words["net"], hand.money(facts.net)), (tax, hand.money(facts.tax)),
        (words["gross"], hand.total(facts.gross)),
    ]  # fmt: skip


def _height(facts: Facts, pitch: float) -> float:
    return pitch * (len(facts.items) + 1)


def classic(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """Seller left, title and numbers right, the buyer below its label."""
    yield from _party(20, 18, facts.seller)
    yield Run(20, 33, f"{words['vat']}: {facts.seller.tax_id}")
    yield Run(190, 18, words["title"], 20, bold=True, align="R")
    for place, (label, value) in enumerate(_pairs(facts, words, hand)):
        yield Run(125, 40 + 6 * place, f"{label}:", bold=True)
        yield Run(190, 40 + 6 * place, value, align="R")
    yield Run(20, 60, words["buyer"], bold=True)
    yield from _party(20, 66, facts.buyer)
    header = [
        (20, "L", words["description"]),
        (115, "R", words["quantity"]),
        (150, "R", words["price"]),
        (190, "R", words["amount"]),
    ]
    rows = [
        (
            one.description,
            hand.quantity(one.quantity),
            hand.money(one.price),
            hand.money(one.amount),
        )
        for one in facts.items
    ]
    yield from _table(95, header, rows)
    below = 103 + _height(facts, 6)
    for place, (label, value) in enumerate(_sums(facts, words, hand)):
        yield Run(150, below + 6 * place, label, align="R", bold=place == 2)
        yield Run(190, below + 6 * place, value, align="R", bold=place == 2)
    if facts.iban:
        yield Run(20, 260, f"{words['bank']}: {_spaced(facts.iban)}")
    yield Run(20, 266, words["terms"])


def letter(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """A window with the sender's line, a subject, and the rest in the foot."""
    one = facts.seller
    yield Run(190, 15, one.name, 16, bold=True, align="R")
    yield Run(20, 45, f"{one.name} · {one.street} · {one.town}", 7)
    yield from _party(20, 52, facts.buyer)
    pairs = _pairs(facts, words, hand)
    for place, (label, value) in enumerate(pairs[1:]):
        yield Run(135, 52 + 5 * place, f"{label}: {value}", 9)
    yield Run(20, 95, f"{pairs[0][0]} {pairs[0][1]}", 14, bold=True)
    yield Run(20, 105, words["thanks"])
    header = [
        (20, "L", "Pos."),
        (32, "L", words["description"]),
        (120, "R", words["quantity"]),
        (155, "R", words["price"]),
        (190, "R", words["amount"]),
    ]
    rows = [
        (
            str(n),
            i.description,
            hand.quantity(i.quantity),
            hand.number(i.price),
            hand.number(i.amount),
        )
        for n, i in enumerate(facts.items, 1)
    ]
    yield from _table(115, header, rows)
    below = 123 + _height(facts, 6)
    for place, (label, value) in enumerate(_sums(facts, words, hand)):
        yield Run(120, below + 6 * place, label, bold=place == 2)
        yield Run(190, below + 6 * place, value, align="R", bold=place == 2)
    yield Run(20, 270, one.name, 7)
    yield Run(20, 274, one.street, 7)
    yield Run(20, 278, one.town, 7)
    yield Run(90, 270, f"{words['vat']} {one.tax_id}", 7)
    if facts.iban:
        yield Run(90, 274, f"{words['bank']} {_spaced(facts.iban)}", 7)


def grid(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """Labels above their values, both sides beside each other."""
    yield Run(20, 18, words["title"], 22, bold=True)
    for place, (label, value) in enumerate(_pairs(facts, words, hand)):
        yield Run(20 + 44 * place, 35, label, 8)
        yield Run(20 + 44 * place, 40, value, 10, bold=True)
    for x, label, party in (
        (20, words["seller"], facts.seller),
        (110, words["buyer"], facts.buyer),
    ):
        yield Run(x, 55, label, 9)
        yield from _party(x, 61, party)
    yield Run(20, 76, f"{words['vat']}: {facts.seller.tax_id}")
    header = [
        (20, "L", words["description"]),
        (105, "R", words["quantity"]),
        (135, "R", words["price"]),
        (155, "R", words["rate"]),
        (190, "R", words["amount"]),
    ]
    rows = [
        (
            i.description,
            hand.quantity(i.quantity),
            hand.money(i.price),
            f"{facts.rate}%",
            hand.money(i.amount),
        )
        for i in facts.items
    ]
    yield from _table(95, header, rows, 7)
    below = 105 + _height(facts, 7)
    for place, (label, value) in enumerate(_sums(facts, words, hand, rate=False)):
        yield Run(130, below + 6 * place, f"{label}:")
        yield Run(190, below + 6 * place, value, align="R")
    if facts.iban:
        yield Run(20, below + 40, f"{words['bank']}: {facts.iban}")


def centred(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """The seller in the middle of the top, the buyer on the right, long texts over two lines."""
    one = facts.seller
    for place, line in enumerate((one.name, one.street, one.town, f"{words['vat']} {one.tax_id}")):
        yield Run(105, 14 + 5 * place, line, 14 if place == 0 else 9, bold=place == 0, align="C")
    for place, (label, value) in enumerate(_pairs(facts, words, hand)):
        yield Run(20, 50 + 5.5 * place, label, 9)
        yield Run(62, 50 + 5.5 * place, value, 9, bold=True)
    yield Run(120, 50, f"{words['buyer']}:", 9)
    yield from _party(120, 56, facts.buyer)
    header = [
        (20, "L", words["quantity"]),
        (40, "L", words["description"]),
        (150, "R", words["price"]),
        (188, "R", words["amount"]),
    ]
    rows = [
        (
            hand.quantity(i.quantity),
            f"{i.description}\nRef. {_rng.randrange(1000, 9999)}-X",
            hand.money(i.price),
            hand.money(i.amount),
        )
        for i in facts.items
    ]
    yield from _table(90, header, rows, 6)
    below = 100 + _height(facts, 11)
    for place, (label, value) in enumerate(_sums(facts, words, hand)):
        yield Run(110, below + 5.5 * place, label)
        yield Run(188, below + 5.5 * place, value, align="R")
    yield Run(20, 262, words["terms"], 8)
    if facts.iban:
        yield Run(20, 267, f"{words['bank']} {_spaced(facts.iban)}", 8)


def boxed(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """A large name, the buyer without a label, a row of boxes, the net price with its tax."""
    one = facts.seller
    yield Run(20, 14, one.name, 18, bold=True)
    yield Run(20, 22, f"{one.street}, {one.town}", 9)
    yield Run(190, 14, words["title"], 14, align="R")
    yield from _party(20, 45, facts.buyer)
    for place, (label, value) in enumerate(_pairs(facts, words, hand)):
        yield Run(20 + 45 * place, 78, label, 8, bold=True)
        yield Run(20 + 45 * place, 83, value, 9)
    header = [
        (20, "L", "#"),
        (30, "L", words["description"]),
        (110, "R", words["price"]),
        (130, "R", words["quantity"]),
        (150, "R", words["rate"]),
        (190, "R", words["amount"]),
    ]
    rows = [
        (
            str(n),
            i.description,
            hand.number(i.price),
            hand.quantity(i.quantity),
            f"{facts.rate} %",
            hand.number(i.amount),
        )
        for n, i in enumerate(facts.items, 1)
    ]
    yield from _table(98, header, rows, 6.5)
    below = 108 + _height(facts, 6.5)
    for place, (label, value) in enumerate(_sums(facts, words, hand)):
        yield Run(165, below + 6 * place, f"{label}:", align="R")
        yield Run(190, below + 6 * place, value, align="R")
    yield Run(
        20,
        272,
        f"{one.name} | {words['vat']}: {one.tax_id}"
        + (f" | {words['bank']}: {_spaced(facts.iban)}" if facts.iban else ""),
        7,
    )


def plain(facts: Facts, words: Wording, hand: Hand, _rng: random.Random) -> Iterator[Run]:
    """Labels and values in one line each, the seller's side said, sums in sentences."""
    y = 20.0
    yield Run(20, y, words["title"], 16, bold=True)
    for label, value in _pairs(facts, words, hand):
        y += 6
        yield Run(20, y, f"{label} {value}")
    y += 10
    yield Run(
        20,
        y,
        f"{words['seller']}: {facts.seller.name}, {facts.seller.street}, {facts.seller.town}",
        9,
    )
    yield Run(20, y + 5, f"{words['vat']} {facts.seller.tax_id}", 9)
    yield Run(20, y + 12, f"{words['buyer']}:")
    yield from _party(20, y + 17, facts.buyer)
    header = [
        (20, "L", words["description"]),
        (120, "L", words["quantity"]),
        (140, "L", words["price"]),
        (170, "L", words["amount"]),
    ]
    rows = [
        (i.description, hand.quantity(i.quantity), hand.money(i.price), hand.money(i.amount))
        for i in facts.items
    ]
    yield from _table(y + 45, header, rows)
    below = y + 53 + _height(facts, 6)
    for place, (label, value) in enumerate(_sums(facts, words, hand)):
        yield Run(190, below + 6 * place, f"{label}: {value}", align="R")
    if facts.iban:
        yield Run(20, below + 30, f"{words['bank']}: {_spaced(facts.iban)}")


def _spaced(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


Layout = Callable[[Facts, Wording, Hand, random.Random], Iterator[Run]]
LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "dev": (classic, letter, grid),
    "test": (centred, boxed, plain),
}
