"""Invoices as PDF, in three designs."""

from __future__ import annotations

from datetime import UTC, datetime

from fpdf import FPDF

from examples.invoice_data import Invoice
from examples.invoice_words import dated, rows, totals, words

__all__ = ["pdf"]

_WIDTHS = (88.0, 22.0, 34.0, 36.0)
_BAND = (28, 62, 98)


def pdf(invoice: Invoice) -> bytes:
    """The document."""
    page = FPDF()
    page.set_creation_date(datetime(2026, 3, 31, tzinfo=UTC))
    page.set_title(f"{words(invoice)['title']} {invoice.number}")
    page.set_margin(15)
    page.add_page()
    {"classic": _classic, "modern": _modern, "plain": _plain}[invoice.design](page, invoice)
    return bytes(page.output())


def _classic(page: FPDF, invoice: Invoice) -> None:
    """A letter: the sender, the receiver, what it is about beside it, a table with lines."""
    said = words(invoice)
    _line(page, invoice.seller[0], size=15, bold=True)
    _line(page, ", ".join(invoice.seller[1:]), size=9)
    page.ln(10)
    top = page.get_y()
    for text in invoice.buyer:
        _line(page, text)
    bottom = page.get_y()
    for number, (label, value) in enumerate(_facts(invoice)):
        page.set_xy(115, top + 6 * number)
        page.cell(42, 6, f"{label}:")
        page.cell(38, 6, value, align="R")
    page.set_xy(15, max(bottom, page.get_y()) + 14)
    _line(page, f"{said['title']} {invoice.number}", size=13, bold=True)
    page.ln(2)
    _table(page, invoice, border="B")
    _sums(page, invoice)
    _foot(page, invoice)


def _modern(page: FPDF, invoice: Invoice) -> None:
    """A band of colour with the title, what it is about in a row, no lines."""
    said = words(invoice)
    page.set_fill_color(*_BAND)
    page.rect(0, 0, 210, 34, style="F")
    page.set_text_color(255, 255, 255)
    page.set_xy(15, 12)
    _line(page, said["title"].upper(), size=22, bold=True)
    page.set_text_color(0, 0, 0)
    page.set_y(42)
    for label, _ in _facts(invoice):
        page.set_font("Helvetica", size=8)
        page.cell(45, 5, label)
    page.ln()
    for _, value in _facts(invoice):
        page.set_font("Helvetica", "B", 10)
        page.cell(45, 6, value)
    page.ln(14)
    top = page.get_y()
    for text in invoice.seller:
        _line(page, text)
    page.set_xy(105, top)
    for text in (said["buyer"], *invoice.buyer):
        page.set_x(105)
        _line(page, text)
    page.ln(8)
    _table(page, invoice, border=0)
    _sums(page, invoice)
    _foot(page, invoice)


def _plain(page: FPDF, invoice: Invoice) -> None:
    """As an old program prints it: letters of one width, labels before values."""
    said = words(invoice)
    page.set_font("Courier", size=10)
    lines = [*invoice.seller, "", said["title"].upper(), "-" * 72]
    lines += [f"{label:<24}{value}" for label, value in _facts(invoice)]
    lines += ["", f"{said['buyer']}:", *invoice.buyer, "", "-" * 72]
    lines += [f"{a:<36}{b:>8}{c:>13}{d:>15}" for a, b, c, d in rows(invoice)]
    lines += ["-" * 72, *(f"{label:>50}{value:>22}" for label, value in totals(invoice))]
    lines += ["", f"IBAN {_spaced(invoice.iban)}"] if invoice.iban else []
    for text in lines:
        page.cell(0, 5.2, text, new_x="LMARGIN", new_y="NEXT")


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    said = words(invoice)
    return [
        (said["number"], invoice.number),
        (said["issued"], dated(invoice, invoice.issued)),
        (said["due"], dated(invoice, invoice.due)),
        (said["tax_id"], invoice.tax_id),
    ]


def _table(page: FPDF, invoice: Invoice, *, border: str | int) -> None:
    for number, row in enumerate(rows(invoice)):
        page.set_font("Helvetica", "B" if number == 0 else "", 10)
        for column, (text, width) in enumerate(zip(row, _WIDTHS, strict=True)):
            page.cell(width, 8, text, border=border, align="R" if column else "L")
        page.ln()
    page.ln(4)


def _sums(page: FPDF, invoice: Invoice) -> None:
    for number, (label, value) in enumerate(totals(invoice)):
        page.set_font("Helvetica", "B" if number == 2 else "", 10)
        page.set_x(15 + sum(_WIDTHS[:2]) - 10)
        page.cell(44, 7, label)
        page.cell(_WIDTHS[3], 7, value, align="R", new_x="LMARGIN", new_y="NEXT")


def _foot(page: FPDF, invoice: Invoice) -> None:
    if invoice.iban:
        page.set_y(262)
        _line(page, f"IBAN: {_spaced(invoice.iban)}", size=9)


def _line(page: FPDF, text: str, *, size: float = 10, bold: bool = False) -> None:
    page.set_font("Helvetica", "B" if bold else "", size)
    page.cell(0, size * 0.55, text, new_x="LMARGIN", new_y="NEXT")


def _spaced(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
