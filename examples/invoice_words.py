"""How invoices say things, by language, and how they write numbers and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from examples.invoice_data import Invoice

__all__ = ["dated", "money", "rows", "totals", "words"]

_WORDS = {
    "de": "Rechnung|Rechnungsnummer|Rechnungsdatum|Fällig am|Rechnung an|USt-IdNr.|Bezeichnung|"
    "Menge|Einzelpreis|Betrag|Zwischensumme|MwSt.|Gesamtbetrag",
    "en": "Invoice|Invoice number|Invoice date|Due date|Bill to|VAT No|Description|"
    "Qty|Unit price|Amount|Subtotal|VAT|Total due",
    "en-us": "Invoice|Invoice #|Date of issue|Payment due|Billed to|EIN|Item|"
    "Qty|Rate|Amount|Subtotal|Sales tax|Total",
    "es": "Factura|Número de factura|Fecha de emisión|Vencimiento|Cliente|CIF|Concepto|"
    "Cantidad|Precio|Importe|Base imponible|IVA|Total a pagar",
    "fr": "Facture|N° de facture|Date de facture|Échéance|Facturé à|N° TVA|Désignation|"
    "Qté|P.U. HT|Montant HT|Total HT|TVA|Net à payer",
    "it": "Fattura|Fattura n.|Data fattura|Scadenza|Cliente|P. IVA|Descrizione|"
    "Quantità|Prezzo|Importo|Imponibile|IVA|Totale da pagare",
    "nl": "Factuur|Factuurnummer|Factuurdatum|Vervaldatum|Klant|BTW-nummer|Omschrijving|"
    "Aantal|Prijs|Bedrag|Subtotaal|BTW|Te betalen",
    "sv": "Faktura|Fakturanummer|Fakturadatum|Förfallodatum|Kund|Momsreg.nr|Benämning|"
    "Antal|À-pris|Belopp|Netto|Moms|Att betala",
}
_NAMES = (
    *("title", "number", "issued", "due", "buyer", "tax_id"),
    *("item", "quantity", "price", "amount", "subtotal", "tax", "total"),
)
_DATES = {
    "de": "%d.%m.%Y",
    "de-ch": "%d.%m.%Y",
    "en": "%d %B %Y",
    "en-us": "%B %d, %Y",
    "nl": "%d-%m-%Y",
    "sv": "%Y-%m-%d",
}
_SEPARATORS = {"en": ",.", "en-us": ",.", "de-ch": "'.", "fr": " ,", "sv": " ,"}
_SIGNS = {"USD": "$", "GBP": "£"}


def words(invoice: Invoice) -> dict[str, str]:
    """What each part of it is called."""
    language = invoice.language if invoice.language in _WORDS else invoice.language[:2]
    return dict(zip(_NAMES, _WORDS[language].split("|"), strict=True))


def dated(invoice: Invoice, day: date) -> str:
    """A date as it writes one."""
    return day.strftime(_DATES.get(invoice.language, "%d/%m/%Y"))


def money(invoice: Invoice, amount: Decimal, *, named: bool = False) -> str:
    """An amount as it writes one, with its currency if that is asked for."""
    thousands, point = _SEPARATORS.get(invoice.language, ".,")
    text = f"{amount:,.2f}".translate(str.maketrans({",": thousands, ".": point}))
    if not named:
        return text
    sign = _SIGNS.get(invoice.currency)
    return f"{sign}{text}" if sign else f"{text} {invoice.currency}"


def rows(invoice: Invoice) -> list[tuple[str, str, str, str]]:
    """Its lines, below their headings."""
    said = words(invoice)
    return [
        (said["item"], said["quantity"], said["price"], said["amount"]),
        *(
            (it.text, str(it.quantity), money(invoice, it.price), money(invoice, it.amount))
            for it in invoice.items
        ),
    ]


def totals(invoice: Invoice) -> list[tuple[str, str]]:
    """What stands below them."""
    said, rate = words(invoice), f"{invoice.rate.normalize():f}"
    if not invoice.language.startswith("en"):
        rate = rate.replace(".", "," if invoice.language != "de-ch" else ".")
    return [
        (said["subtotal"], money(invoice, invoice.subtotal, named=True)),
        (f"{said['tax']} {rate} %", money(invoice, invoice.tax, named=True)),
        (said["total"], money(invoice, invoice.total, named=True)),
    ]
