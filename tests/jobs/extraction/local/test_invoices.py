from __future__ import annotations

import pytest

from common.reading.document import Document, Page
from jobs.extraction.local import extract
from jobs.extraction.schemas import builtin
from tests.jobs.extraction.local.paper import find, line, page, value

LANGUAGES = {
    "en": (
        "Invoice No,Invoice date,Due date,Bill to,Description,Qty,"
        "Unit price,Amount,Subtotal,VAT 20%,Total"
    ),
    "de": (
        "Rechnungsnummer,Rechnungsdatum,Fällig am,Kunde,Bezeichnung,Menge,"
        "Einzelpreis,Gesamtpreis,Nettobetrag,MwSt 20%,Gesamtbetrag"
    ),
    "fr": (
        "Facture N°,Date de facture,Échéance,Client,Désignation,Qté,"
        "Prix unitaire,Montant HT,Total HT,TVA 20%,Total TTC"
    ),
    "es": (
        "Factura Nº,Fecha de factura,Vencimiento,Cliente,Descripción,Cantidad,"
        "Precio,Importe,Base imponible,IVA 20%,Total factura"
    ),
    "it": (
        "Fattura n.,Data fattura,Scadenza,Cliente,Descrizione,Quantità,"
        "Prezzo unitario,Importo,Imponibile,IVA 20%,Totale fattura"
    ),
    "nl": (
        "Factuurnummer,Factuurdatum,Vervaldatum,Klant,Omschrijving,Aantal,"
        "Prijs,Bedrag,Subtotaal,BTW 20%,Totaal"
    ),
    "pt": (
        "Fatura n.º,Data da fatura,Data de vencimento,Cliente,Descrição,Quantidade,"
        "Preço,Valor,Subtotal,IVA 20%,Total a pagar"
    ),
}  # fmt: skip


def _rows(language):
    number, date, due, buyer, what, count, price, amount, net, tax, gross = LANGUAGES[
        language
    ].split(",")
    return [
        "Muster Handel GmbH", "Hauptstraße 5", "10115 Berlin", None,
        [(50, f"{number}:"), (200, "2026-0042")], [(50, f"{date}:"), (200, "05.03.2026")],
        [(50, f"{due}:"), (200, "19.03.2026")], None,
        f"{buyer}:", "Castor Media Ltd", "4 Station Road", "Leeds LS1 4AP", None,
        [(50, what), (250, count), (350, price), (480, amount)],
        [(50, "Blue chair"), (250, "2"), (350, "100,00"), (480, "200,00 €")],
        "with arms, and on wheels",
        [(50, "Table"), (250, "1"), (350, "1.050,50"), (480, "1.050,50 €")],
        None,
        [(350, net), (480, "1.250,50 €")], [(350, tax), (480, "250,10 €")],
        [(350, gross), (480, "1.500,60 €")],
        None, "USt-IdNr. DE136695976", "IBAN DE89 3704 0044 0532 0130 00",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invoice_is_read_in_each_language(language):
    found = find("invoice", *_rows(language))
    assert {name: value(found, name) for name in found if name != "items"} == {
        "invoice_number": "2026-0042",
        "invoice_date": "2026-03-05",
        "due_date": "2026-03-19",
        "seller_name": "Muster Handel GmbH",
        "seller_address": "Hauptstraße 5\n10115 Berlin",
        "seller_tax_id": "DE136695976",
        "buyer_name": "Castor Media Ltd",
        "buyer_address": "4 Station Road\nLeeds LS1 4AP",
        "currency": "EUR",
        "subtotal": 1250.5,
        "tax_rate": 20,
        "tax": 250.1,
        "total": 1500.6,
        "iban": "DE89370400440532013000",
    }
    first, second = found["items"].value
    assert first["description"] == "Blue chair\nwith arms, and on wheels"
    assert (first["quantity"], first["amount"]["amount"]) == (2, 200)
    assert (second["unit_price"]["amount"], second["amount"]["amount"]) == (1050.5, 1050.5)


def test_what_adds_up_is_surer_than_what_does_not():
    right = find("invoice", "Net: 100.00", "VAT 20%: 20.00", "Total: 120.00")
    wrong = find("invoice", "Net: 100.00", "VAT 20%: 20.00", "Total: 130.00")
    for name in ("subtotal", "tax", "total"):
        assert right[name].confidence > wrong[name].confidence + 0.03


def test_the_total_that_adds_up_is_taken_from_several():
    found = find(
        "invoice", "Total: 7.00", "Net 100.00", "VAT 19% 19.00", "Total 119.00", "Total 5.00"
    )
    assert value(found, "total") == 119


def test_taxes_of_several_rates_are_added():
    found = find("invoice", "Netto 300,00", "MwSt 7% 7,00", "MwSt 19% 38,00", "Gesamtbetrag 345,00")
    assert value(found, "tax") == 45


def test_what_is_no_tax_is_not_added_to_those_of_several_rates():
    found = find(
        "invoice",
        [(50, "Item"), (290, "Price"), (350, "VAT"), (480, "Amount")],
        [(50, "Chair"), (320, "100.00"), (480, "100.00")],
        [(50, "Book"), (320, "200.00"), (480, "200.00")],
        [(350, "Net"), (480, "300.00")],
        [(350, "VAT 7%"), (480, "14.00")],
        [(350, "VAT 19%"), (480, "19.00")],
        [(350, "Total"), (480, "333.00")],
    )
    assert value(found, "tax") == 33


def test_a_fine_for_paying_late_is_no_tax():
    found = find(
        "invoice",
        "Total à payer : 1 090,00 €",
        "En cas de retard, pénalités au taux de 10 % et indemnité de 40 €.",
    )
    assert value(found, "total") == 1090
    assert value(found, "tax") is None
    assert value(found, "tax_rate") is None


def test_a_credit_keeps_its_signs():
    found = find("invoice", "Netto: -24,90 €", "USt. 19 %: -4,73 €", "Gesamt: -29,63 €")
    sums = [value(found, name) for name in ("subtotal", "tax", "total")]
    assert sums == [-24.9, -4.73, -29.63]


def test_what_is_withheld_explains_the_total():
    found = find(
        "invoice",
        "Base imponible 2.850,00 €",
        "IVA 21% 598,50 €",
        "Retención IRPF 15% -427,50 €",
        "TOTAL 3.021,00 €",
        "Total 9.000,00 €",
    )
    assert value(found, "total") == 3021


def test_the_last_amount_behind_a_label_is_the_sum():
    found = find("invoice", "Net 100.00", "VAT 19% of 100.00: 19.00", "Total 119.00 EUR")
    assert value(found, "tax") == 19


def test_what_no_label_says_is_taken_where_it_stands_and_adds_up():
    found = find("invoice", "Net 100.00", "VAT 19.00", [(300, "119.00")])
    assert value(found, "total") == 119


def test_a_letter_shows_its_sender_above_the_window_and_the_buyer_in_it():
    found = find(
        "invoice",
        "Acme GmbH · Europa-Allee 19 · 60486 Frankfurt",
        None,
        "Herrn",
        "Karl Coyote",
        "Uferstraße 113",
        "88045 Friedrichshafen",
        None,
        "Rechnung Nr. 42 vom 31.01.2024",
    )
    assert value(found, "seller_name") == "Acme GmbH"
    assert value(found, "seller_address") == "Europa-Allee 19\n60486 Frankfurt"
    assert value(found, "buyer_name") == "Karl Coyote"
    assert value(found, "buyer_address") == "Uferstraße 113\n88045 Friedrichshafen"
    assert value(found, "invoice_date") == "2024-01-31"


def test_a_phone_number_is_no_address():
    found = find("invoice", "Huber Maler GmbH", "Tel. 08031 / 44 55 66", None, "Rechnung Nr. 42")
    assert value(found, "seller_name") == "Huber Maler GmbH"
    assert value(found, "seller_address") is None


def test_a_tax_id_above_an_address_is_nobodys_name():
    found = find(
        "invoice",
        "Bergbahn Technik AG", "Bahnhofstrasse 9", "7270 Davos", "CHE-123.456.789 MWST",
        "Gemeinde Klosters", "Rathausgasse 2", "7250 Klosters",
    )  # fmt: skip
    assert value(found, "buyer_name") == "Gemeinde Klosters"


def test_each_side_has_its_own_tax_id():
    found = find(
        "invoice",
        [(50, "From:"), (320, "Bill to:")],
        [(50, "Alpha Ltd"), (320, "Beta GmbH")],
        [(50, "4 Mill Lane"), (320, "Lindenweg 4")],
        [(50, "Leeds LS1 4AP"), (320, "80331 München")],
        [(50, "VAT No. GB980780684"), (320, "VAT No. DE136695976")],
    )
    assert value(found, "seller_name") == "Alpha Ltd"
    assert value(found, "buyer_name") == "Beta GmbH"
    assert value(found, "seller_tax_id") == "GB980780684"
    assert value(found, "buyer_tax_id") == "DE136695976"


def test_items_go_on_below_the_same_header_of_the_next_page():
    head = [(50, "Item"), (250, "Qty"), (350, "Price"), (480, "Amount")]
    pages = (
        page(head, [(50, "One"), (250, "1"), (350, "5.00"), (480, "5.00")]),
        page(
            head,
            [(50, "Two"), (250, "2"), (350, "3.00"), (480, "6.00")],
            [(350, "Total"), (480, "11.00")],
            number=2,
        ),
    )
    found = extract(Document("two", "text/plain", pages), builtin("invoice"))
    assert [row["description"] for row in found["items"].value] == ["One", "Two"]
    assert [row["amount"].page for row in found["items"].rows] == [1, 2]
    assert found["items"].confidence > 0.9


HEAD = [(50, "Item"), (250, "Qty"), (300, "Price"), (400, "Amount")]


def test_numbers_may_be_set_to_the_right_below_headers_that_are_set_to_the_left():
    found = find(
        "invoice",
        HEAD,
        [(50, "One"), (290, "1"), (360, "2.50"), (480, "2.50")],
        [(50, "Two"), (285, "20"), (350, "13.00"), (475, "260.00")],
        [(300, "Total"), (475, "262.50")],
    )
    rows = [(row["quantity"], row["unit_price"]["amount"]) for row in found["items"].value]
    assert rows == [(1, 2.5), (20, 13)]
    assert [row["amount"]["amount"] for row in found["items"].value] == [2.5, 260]


def test_a_header_does_not_go_on_in_the_text_of_the_first_item():
    """Which is set half a line above its numbers, and half a line below."""
    lines = [
        line(50, 40, "Pos. Item"), line(250, 40, "Qty"), line(400, 40, "Amount"),
        line(75, 50, "Walls, painted white"), line(50, 57, "1"), line(250, 57, "2"),
        line(400, 57, "10.00"), line(75, 64, "and twice"), line(50, 80, "2"), line(75, 80, "Doors"),
        line(250, 80, "4"), line(400, 80, "20.00"),
    ]  # fmt: skip
    paper = Document("paper", "text/plain", (Page(1, 595, 842, tuple(lines)),))
    found = extract(paper, builtin("invoice"))
    assert found["items"].value[-1]["description"] == "Doors"


def test_rows_whose_sums_do_not_multiply_are_doubted():
    head = [(50, "Item"), (250, "Qty"), (350, "Price"), (480, "Amount")]
    right = find("invoice", head, [(50, "One"), (250, "2"), (350, "5.00"), (480, "10.00")])
    wrong = find("invoice", head, [(50, "One"), (250, "2"), (350, "5.00"), (480, "70.00")])
    assert right["items"].confidence > wrong["items"].confidence + 0.1


def test_a_receipt_is_read_without_any_header():
    found = find(
        "receipt",
        [(100, "BLUE BEAN CAFE LTD")],
        [(110, "12 High Street")],
        [(105, "London SW1A 1AA")],
        [(105, "VAT No. GB980780684")],
        [(50, "Date: 05/03/2026"), (250, "14:25")],
        [(50, "2 x Flat white"), (280, "7.00")],
        [(50, "Croissant"), (280, "2.60")],
        [(50, "Subtotal"), (280, "8.00")],
        [(50, "VAT 20%"), (280, "1.60")],
        [(50, "TOTAL"), (280, "£9.60")],
        [(50, "Cash"), (280, "20.00")],
        [(50, "Change"), (280, "10.40")],
    )
    assert value(found, "merchant_name") == "BLUE BEAN CAFE LTD"
    assert value(found, "merchant_address") == "12 High Street\nLondon SW1A 1AA"
    assert value(found, "date") == "2026-03-05"
    assert value(found, "time") == "14:25"
    assert value(found, "total") == 9.6
    assert value(found, "tax") == 1.6
    items = [(row["description"], row["amount"]["amount"]) for row in found["items"].value]
    assert items == [("Flat white", 7), ("Croissant", 2.6)]


def test_a_company_that_is_called_like_a_label_keeps_its_name():
    found = find("invoice", "Seller:", "Lieferant GmbH", "Lieferantenstraße 20", "80333 München")
    assert value(found, "seller_name") == "Lieferant GmbH"
