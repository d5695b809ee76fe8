"""The samples of invoice2data's own tests: a paper, and the JSON that is to come out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.extraction.sample import Sample

__all__ = ["samples"]

UNSEEN = {"FlipkartInvoice", "NetpresseInvoice", "free_fiber", "saeco", "oyo", "Orlen"}
"""Those that were never looked at while the provider was made."""
NAMES = {
    "invoice_number": "invoice_number", "date": "invoice_date", "date_due": "due_date",
    "issuer": "seller_name", "amount": "total", "amount_untaxed": "subtotal", "amount_tax": "tax",
    "vat": "seller_tax_id", "iban": "iban", "currency": "currency",
}  # fmt: skip


def samples(folder: Path) -> Iterator[Sample]:
    """Those below `tests/compare` of its repository."""
    for file in sorted((folder / "tests" / "compare").glob("*.json")):
        for ending in (".pdf", ".txt", ".png"):
            paper = file.with_suffix(ending)
            if paper.exists():
                part = "test" if file.stem in UNSEEN else "dev"
                truth = _truth(json.loads(file.read_text())[0])
                yield Sample(
                    name=paper.name,
                    file=paper,
                    schema="invoice",
                    truth=truth,
                    part=part,
                    group="invoice2data",
                )


def _truth(data: dict[str, Any]) -> dict[str, Any]:
    truth = {NAMES[name]: value for name, value in data.items() if name in NAMES}
    for name in ("total", "subtotal", "tax"):
        if name in truth:
            truth[name] = float(truth[name])
    return truth
