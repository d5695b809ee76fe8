"""The invoices that are shipped: made by their script, always the same, and no lie beside them."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from examples.invoice_data import INVOICES
from examples.make_invoices import archive, truth

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_script_makes_the_same_bytes_each_time():
    assert archive() == archive()


def test_the_archive_is_what_the_script_makes():
    """Not to the byte: how well something is packed, and letters drawn, is the machine's affair."""
    with (
        zipfile.ZipFile(EXAMPLES / "invoices.zip") as shipped,
        zipfile.ZipFile(io.BytesIO(archive())) as made,
    ):
        assert shipped.testzip() is None
        assert shipped.namelist() == made.namelist() == [each.file for each in INVOICES]
        for name in shipped.namelist():
            if name.endswith((".html", ".eml")):
                assert shipped.read(name) == made.read(name), name
    assert (EXAMPLES / "invoices.zip").stat().st_size < 400_000


def test_the_truth_is_what_the_script_says():
    shipped = json.loads((EXAMPLES / "invoices.truth.json").read_text(encoding="utf-8"))
    assert shipped == json.loads(json.dumps(truth()))


@pytest.mark.parametrize("invoice", INVOICES, ids=lambda each: each.number)
def test_an_invoice_adds_up_and_its_account_can_be_one(invoice):
    assert invoice.total == invoice.subtotal + invoice.tax
    assert invoice.tax == (invoice.subtotal * invoice.rate / 100).quantize(Decimal("0.01"))
    assert invoice.issued < invoice.due
    if invoice.iban:
        turned = invoice.iban[4:] + invoice.iban[:4]
        assert int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
