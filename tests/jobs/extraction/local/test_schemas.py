from __future__ import annotations

from jobs.extraction.schema import Field, Kind, Schema
from tests.jobs.extraction.local.paper import find, value


def test_a_bank_statement_is_read():
    found = find(
        "bank-statement",
        [(50, "Account holder:"), (200, "Castor Media Ltd")],
        "IBAN: GB29 NWBK 6016 1331 9268 19",
        "Statement No: 7/2026",
        "Period from 01/03/2026 to 31/03/2026",
        "Opening balance: 1,000.00 GBP",
        [
            (50, "Date"),
            (130, "Description"),
            (300, "Withdrawals"),
            (400, "Deposits"),
            (500, "Balance"),
        ],
        [(50, "02/03/2026"), (130, "Rent"), (300, "400.00"), (500, "600.00")],
        [(50, "05/03/2026"), (130, "Client payment"), (400, "150.00"), (500, "750.00")],
        [(130, "reference 17")],
        "Closing balance: 750.00 GBP",
    )
    assert value(found, "account_holder") == "Castor Media Ltd"
    assert value(found, "account_number") == "GB29NWBK60161331926819"
    assert value(found, "statement_number") == "7/2026"
    assert (value(found, "period_start"), value(found, "period_end")) == (
        "2026-03-01",
        "2026-03-31",
    )
    assert (value(found, "opening_balance"), value(found, "closing_balance")) == (1000, 750)
    first, second = found["transactions"].value
    assert (first["date"], first["withdrawal"]["amount"]) == ("2026-03-02", 400)
    assert "deposit" not in first
    assert (second["description"], second["deposit"]["amount"]) == (
        "Client payment\nreference 17",
        150,
    )


def test_an_order_is_read():
    found = find(
        "purchase-order",
        [(50, "Order number"), (200, "PO-1234")],
        "Order date: 3 May 2026",
        "Delivery date: 2026-06-01",
        "Buyer: Castor Ltd",
        "Supplier:",
        "Alpha GmbH",
        "Lindenweg 4",
        "80331 München",
        "Payment terms: 30 days net",
        [(50, "Item no"), (130, "Description"), (300, "Qty"), (400, "Unit price"), (500, "Amount")],
        [(50, "A-1"), (130, "Bolts"), (300, "100"), (400, "0.25"), (500, "25.00")],
        "Total 25.00",
    )
    assert value(found, "order_number") == "PO-1234"
    assert (value(found, "order_date"), value(found, "delivery_date")) == (
        "2026-05-03",
        "2026-06-01",
    )
    assert (value(found, "buyer_name"), value(found, "supplier_name")) == (
        "Castor Ltd",
        "Alpha GmbH",
    )
    assert value(found, "supplier_address") == "Lindenweg 4\n80331 München"
    assert value(found, "payment_terms") == "30 days net"
    (item,) = found["items"].value
    assert (item["item_number"], item["quantity"]) == ("A-1", 100)


def test_two_fields_of_one_meaning_go_by_their_own_labels():
    found = find(
        "contact",
        "Castor Media Ltd",
        "Tel: +44 20 7946 0958",
        "Mobile: +44 7700 900123",
        "jane@castor.example.com",
        "www.castor.example.com",
    )
    assert value(found, "phone") == "+44 20 7946 0958"
    assert value(found, "mobile") == "+44 7700 900123"
    assert value(found, "email") == "jane@castor.example.com"


PAPERS = Schema(
    name="papers",
    fields=(
        Field(name="customer_number", kind=Kind.ID),
        Field(name="service_period_start", kind=Kind.DATE),
        Field(name="service_period_end", kind=Kind.DATE),
        Field(name="bic", kind=Kind.ID),
        Field(name="tax_number", kind=Kind.ID),
        Field(name="amount_due", kind=Kind.MONEY),
        Field(name="shipping", kind=Kind.MONEY),
        Field(name="total", kind=Kind.NUMBER),
    ),
)


def test_names_of_fields_are_enough_in_any_language_of_the_document():
    found = find(
        PAPERS,
        "Kundennr.: K-77",
        "Leistungszeitraum: 01.02.2026 - 28.02.2026",
        "Steuernummer 201/113/40209",
        "BIC: COBADEFFXXX",
        "Versandkosten 5,00 €",
        "Gesamtbetrag 119,00 €",
        "Zu zahlen 19,00 €",
    )
    assert {name: value(found, name) for name in found} == {
        "customer_number": "K-77",
        "service_period_start": "2026-02-01",
        "service_period_end": "2026-02-28",
        "bic": "COBADEFFXXX",
        "tax_number": "201/113/40209",
        "amount_due": 19,
        "shipping": 5,
        "total": 119,
    }


def test_what_is_due_before_it_was_billed_is_doubted():
    right = find("invoice", "Invoice date: 2026-03-05", "Due date: 2026-03-19")
    wrong = find("invoice", "Invoice date: 2026-03-05", "Due date: 2026-02-19")
    for name in ("invoice_date", "due_date"):
        assert wrong[name].confidence < right[name].confidence - 0.2
