"""Makes the corpus: the same documents for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.extraction.made import papers
from benchmarks.extraction.made.facts import Facts, facts_of
from benchmarks.extraction.made.layouts import LAYOUTS
from benchmarks.extraction.made.receipts import receipt
from benchmarks.extraction.made.wordings import LANGUAGES, wording
from benchmarks.extraction.made.writing import Hand
from benchmarks.extraction.sample import Sample

__all__ = ["FORMATS", "invoice", "made"]

FORMATS = ("pdf", "pdf", "pdf", "txt", "html", "docx", "xlsx", "eml")
SEEDS = {"dev": 1000, "test": 900_000}


def made(folder: Path, part: str, rounds: int = 2, *, scans: bool = False) -> Iterator[Sample]:
    """In each language `rounds` times each format and a receipt; scans as pictures on top."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        for turn in range(rounds):
            for place, form in enumerate(FORMATS):
                seed = f"{SEEDS[part]}-{language}-{turn}-{place}"
                yield invoice(folder, part, language, form, seed, place)
            if scans:
                yield invoice(folder, part, language, "png", f"{part}-{language}-{turn}-scan", turn)
            yield _receipt(folder, part, language, f"{part}-{language}-{turn}-receipt", scans=scans)


def invoice(  # noqa: PLR0913, PLR0917
    folder: Path, part: str, language: str, form: str, seed: str, place: int
) -> Sample:
    rng = random.Random(seed)  # noqa: S311
    words = wording(language, part, rng)
    facts = facts_of(language, part, words, rng)
    hand = Hand(language, facts.country, facts.currency, rng)
    file = folder / f"{part}-{language}-{seed}.{form}"
    if form in {"pdf", "png"}:
        layouts = LAYOUTS[part]
        layout = layouts[place % len(layouts)]
        paper = file.with_suffix(".pdf")
        papers.pdf(list(layout(facts, words, hand, rng)), paper)
        if form == "png":
            papers.scan(paper, file, rng)
            paper.unlink()
    else:
        {
            "txt": papers.text,
            "html": papers.web,
            "docx": papers.docx,
            "xlsx": papers.xlsx,
            "eml": papers.eml,
        }[form](facts, words, hand, file)
    return Sample(
        name=file.name,
        file=file,
        schema="invoice",
        truth=_truth(facts),
        part=part,
        group=f"{language} {form}",
    )


def _truth(facts: Facts) -> dict[str, Any]:
    seller, buyer = facts.seller, facts.buyer
    items = [
        {
            "description": one.description,
            "quantity": float(one.quantity),
            "unit_price": float(one.price),
            "amount": float(one.amount),
        }
        for one in facts.items
    ]
    return {
        "invoice_number": facts.number, "invoice_date": facts.date.isoformat(),
        "due_date": facts.due.isoformat() if facts.due else None, "purchase_order": facts.order,
        "seller_name": seller.name, "seller_address": f"{seller.street}\n{seller.town}",
        "seller_tax_id": seller.tax_id, "buyer_name": buyer.name,
        "buyer_address": f"{buyer.street}\n{buyer.town}", "buyer_tax_id": None,
        "currency": facts.currency, "subtotal": float(facts.net), "tax": float(facts.tax),
        "total": float(facts.gross), "tax_rate": facts.rate, "iban": facts.iban, "items": items,
    }  # fmt: skip


def _receipt(folder: Path, part: str, language: str, seed: str, *, scans: bool) -> Sample:
    rng = random.Random(seed)  # noqa: S311
    words = wording(language, part, rng)
    facts = facts_of(language, part, words, rng)
    hand = Hand(language, facts.country, facts.currency, rng)
    file = folder / f"{seed}.pdf"
    papers.pdf(list(receipt(facts, words, hand, part, rng)), file)
    if scans:
        picture = file.with_suffix(".jpg")
        papers.scan(file, picture, rng)
        file.unlink()
        file = picture
    truth = {
        "merchant_name": facts.seller.name, "merchant_address": f"{facts.seller.street}\n{facts.seller.town}",  # noqa: E501
        "merchant_tax_id": facts.seller.tax_id, "date": facts.date.isoformat(), "total": float(facts.gross),  # noqa: E501
        "tax": float(facts.tax),
    }  # fmt: skip
    return Sample(
        name=file.name,
        file=file,
        schema="receipt",
        truth=truth,
        part=part,
        group=f"{language} receipt",
    )
