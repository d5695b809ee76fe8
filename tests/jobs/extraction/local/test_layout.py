from __future__ import annotations

import pytest

from jobs.extraction.local.text import tokens
from jobs.extraction.local.words import Spelling
from jobs.extraction.schema import Field, Kind, Schema
from tests.jobs.extraction.local.paper import find, one, value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rechnungsnummer", "Rechnungs-Nr."), ("Invoice No.", "INVOICE NUMBER:"),
        ("Invoice #", "Invoice no"),
        ("N° de facture", "no de facture"), ("T.V.A.", "TVA"), ("USt-IdNr.", "Umsatzsteuer-Id-Nr."),
        ("Total incl. GST", "Total inclusive VAT"), ("InvoiceDate", "Invoice date"),
        ("Fattura n.", "fattura nr"),
        ("Échéance", "ECHEANCE"), ("Straße", "strasse"), ("Mietrechnung", "Rechnung"),
    ],
)  # fmt: skip
def test_labels_that_say_the_same_are_compared_alike(one, other):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("word", ["invoce", "invoise", "invoicee", "lnvoice", "invocie"])
def test_a_word_that_is_a_letter_off_is_still_known(word):
    assert Spelling.of(["invoice", "date"]).right(word) == "invoice"


@pytest.mark.parametrize("word", ["voice", "dates", "in", "involved"])
def test_other_words_are_left_as_they_are(word):
    assert Spelling.of(["invoice", "date"]).right(word) == word


NUMBER = one("invoice_number", Kind.ID)


@pytest.mark.parametrize(
    "rows",
    [
        ["Invoice No: A-17"],
        ["Invoice No A-17"],
        ["Invoice No.:A-17"],
        [[(50, "Invoice No"), (300, "A-17")]],
        [[(50, "Invoice No"), (300, ": A-17")]],
        [[(50, "Invoice No")], [(50, "A-17")]],
        [[(50, "Invoice No"), (200, "Date")], [(50, "A-17"), (200, "01.02.2026")]],
        [[(50, "Date"), (200, "Invoice No")], [(50, "01.02.2026"), (200, "A-17")]],
        ["Invoice No: A-17   Date: 01.02.2026"],
        ["Your invoice: Invoice No. A-17 of 01.02.2026"],
        ["lnvoice No: A-17"],
        ["Rechnung Nr. A-17 vom 01.02.2026"],
    ],
)
def test_a_value_is_found_wherever_it_stands_beside_its_label(rows):
    found = find(NUMBER, *rows)
    assert value(found, "invoice_number") == "A-17"
    assert found["invoice_number"].page == 1
    assert "A-17" in found["invoice_number"].text


def test_a_value_right_of_another_label_is_not_taken():
    found = find(NUMBER, [(50, "Invoice No"), (250, "Customer No: 99")])
    assert "invoice_number" not in found


@pytest.mark.parametrize("number", ["INV-7", "INV-042", "INV/12"])
def test_a_number_that_begins_like_a_label_is_none(number):
    found = find("invoice", [(50, "Invoice number"), (200, number)], "Total: 12.00")
    assert value(found, "invoice_number") == number
    assert value(found, "seller_name") != number


def test_the_clearer_label_wins():
    found = find(NUMBER, "Reference: X-1", "Number: X-2", "Invoice number: X-3", "Order: X-4")
    assert value(found, "invoice_number") == "X-3"


def test_words_that_were_misread_make_a_finding_less_sure():
    clear = find(NUMBER, "Invoice No: A-17")["invoice_number"]
    unsure = find(NUMBER, "Invoice No: A-17", certainty=0.4)["invoice_number"]
    assert unsure.confidence < clear.confidence


def test_a_label_in_a_sentence_counts_less_than_one_that_stands_alone():
    alone = find(one("total", Kind.MONEY), "Total: 12.00 EUR")["total"]
    said = find(one("total", Kind.MONEY), "We wrote of a total of 12.00 EUR in our letter")["total"]
    assert said.confidence < alone.confidence


SCHEMA = Schema(
    name="own",
    fields=(
        Field(name="room_number", kind=Kind.ID, labels=("Chambre", "Zimmer Nr")),
        Field(name="nights", kind=Kind.INTEGER),
        Field(name="humidity", kind=Kind.PERCENT),
        Field(name="weight_kg", kind=Kind.NUMBER, labels=("Net weight",)),
        Field(name="breakfast_included", kind=Kind.BOOLEAN),
        Field(name="smoking", kind=Kind.BOOLEAN, labels=("Raucher",)),
        Field(name="board", kind=Kind.TEXT, choices=("half board", "full board", "none")),
        Field(name="check_out", kind=Kind.DATE),
        Field(name="deposit_paid", kind=Kind.MONEY),
        Field(name="guest_mail", kind=Kind.EMAIL),
        Field(name="remarks", kind=Kind.TEXT, description="Special wishes"),
    ),
)


def test_any_schema_works_by_its_names_labels_and_descriptions():
    found = find(
        SCHEMA,
        "Zimmer Nr: 4711-B",
        [(50, "Nights"), (300, "3")],
        "Humidity: 45 %",
        "Net weight  12,5 kg",
        "Breakfast included: yes",
        "Raucher: Nein",
        "Board: Full board",
        "Check out: 3 May 2026",
        "Deposit paid: EUR 50.00",
        "Write to guest@example.com",
        "Special wishes: a quiet room",
    )
    assert {name: one.value for name, one in found.items()} == {
        "room_number": "4711-B",
        "nights": 3,
        "humidity": 45,
        "weight_kg": 12.5,
        "breakfast_included": True,
        "smoking": False,
        "board": "full board",
        "check_out": "2026-05-03",
        "deposit_paid": {"amount": 50, "currency": "EUR"},
        "guest_mail": "guest@example.com",
        "remarks": "a quiet room",
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("☑", True),
        ("☐", False),
        ("[ ]", False),
        ("x", True),
        ("ja", True),
        ("Non", False),
        ("perhaps", None),
    ],
)
def test_a_boolean_is_a_word_or_a_box(text, meant):
    assert value(find(one("insured", Kind.BOOLEAN), f"Insured: {text}"), "insured") is meant


def test_nothing_is_found_in_nothing():
    assert find("invoice") == {}
    assert find("invoice", "Lorem ipsum dolor sit amet") == {}
