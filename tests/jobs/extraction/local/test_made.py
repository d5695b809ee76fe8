"""The made-up documents of the benchmark, a few of them: what was found must not get worse."""

from __future__ import annotations

import pytest

from benchmarks.extraction.judge import judge, same
from benchmarks.extraction.made.make import FORMATS, invoice
from benchmarks.extraction.made.wordings import LANGUAGES
from benchmarks.extraction.run import measure
from jobs.extraction.found import Found


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_up_invoices_are_read_in_each_language(tmp_path, language):
    forms = ("pdf", FORMATS[3 + LANGUAGES.index(language) % 5])
    samples = [invoice(tmp_path, "test", language, form, f"x{form}", 0) for form in forms]
    measured = measure(samples)
    assert measured.documents == 2
    assert measured.all.expected > 20
    assert measured.all.f1 > 0.93


@pytest.mark.parametrize(
    ("field", "expected", "found", "right"),
    [
        ("total", 12.5, {"amount": 12.5, "currency": "EUR"}, True),
        ("total", 12.5, {"amount": 12.6, "currency": "EUR"}, False),
        ("subtotal", -5.0, {"amount": 5, "currency": None}, True),
        ("invoice_number", "RE-2026/7", "RE 2026 7", True),
        ("invoice_number", "RE-2026/7", "RE-2026/8", False),
        ("seller_name", "Au bon moulin", "Au bon moulin SARL", True),
        ("seller_name", "Alpha GmbH", "Beta GmbH", False),
        ("seller_tax_id", ["201/113", "DE136695976"], "DE136695976", True),
        ("items.description", "Chair", "Chair\nblue, with arms", True),
    ],
)
def test_a_value_is_judged_by_what_it_means(field, expected, found, right):
    assert same(field, expected, found) is right


def test_rows_are_paired_and_those_too_many_count_against_it():
    def cell(value):
        return Found(value=value, confidence=0.9)

    truth = {"items": [{"description": "A", "amount": 1.0}, {"description": "B", "amount": 2.0}]}
    rows = tuple(
        {"description": cell(text), "amount": cell(text_amount)}
        for text, text_amount in (("X", 9), ("A", 1), ("B", 2))
    )
    verdicts = judge(truth, {"items": Found(value=[], confidence=0.9, rows=rows)})
    assert sum(one.right for one in verdicts) == 4
    assert [one.found for one in verdicts if one.expected is None] == ["X", 9]
    missing = judge(truth, {})
    assert len(missing) == 4
    assert not any(one.right for one in missing)
