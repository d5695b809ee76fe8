"""Invoices as DOCX, XLSX, HTML, e-mail and as the picture that a scanner makes."""

from __future__ import annotations

import io
import random
from email.message import EmailMessage
from html import escape
from pathlib import Path

from examples.invoice_data import Invoice
from examples.invoice_words import dated, rows, totals, words

__all__ = ["docx", "eml", "html", "png", "xlsx"]

_FONT = Path(__file__).parents[1] / "common/media/fonts/InterDisplay-SemiBold.otf"


def docx(invoice: Invoice) -> bytes:
    """A letter of a word processor, with a table."""
    from docx import Document

    said, document = words(invoice), Document()
    document.add_heading(invoice.seller[0], 1)
    document.add_paragraph("\n".join(invoice.seller[1:]))
    document.add_paragraph("\n".join([f"{said['buyer']}:", *invoice.buyer]))
    document.add_heading(said["title"], 2)
    for label, value in _facts(invoice):
        document.add_paragraph(f"{label}: {value}")
    table = document.add_table(rows=0, cols=4)
    for row in rows(invoice):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for label, value in totals(invoice):
        document.add_paragraph(f"{label}: {value}")
    document.add_paragraph(f"IBAN: {invoice.iban}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx(invoice: Invoice) -> bytes:
    """A sheet, whose numbers and dates are numbers and dates."""
    from openpyxl import Workbook

    said, book = words(invoice), Workbook()
    sheet = book.active
    sheet.title = said["title"]
    for text in invoice.seller:
        sheet.append([text])
    sheet.append([])
    sheet.append([said["number"], invoice.number])
    sheet.append([said["issued"], invoice.issued])
    sheet.append([said["due"], invoice.due])
    sheet.append([said["tax_id"], invoice.tax_id])
    sheet.append([said["buyer"], invoice.buyer[0]])
    for text in invoice.buyer[1:]:
        sheet.append([None, text])
    sheet.append(["Currency", invoice.currency])
    sheet.append([])
    sheet.append(list(rows(invoice)[0]))
    for item in invoice.items:
        sheet.append([item.text, item.quantity, float(item.price), float(item.amount)])
    for label, amount in zip(
        (said["subtotal"], said["tax"], said["total"]),
        (invoice.subtotal, invoice.tax, invoice.total),
        strict=True,
    ):
        sheet.append([None, None, label, float(amount)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def html(invoice: Invoice) -> bytes:
    """A page, as an online shop shows it."""
    said = words(invoice)
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in _facts(invoice)
    )
    head, *body = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows(invoice))
    sums = "".join(
        f"<tr><td colspan=3>{escape(label)}</td><td>{escape(value)}</td></tr>"
        for label, value in totals(invoice)
    )
    text = f"""<!DOCTYPE html>
<html lang="{invoice.language}"><head><meta charset="utf-8">
<title>{escape(said["title"])} {escape(invoice.number)}</title>
<style>td {{ padding: 4px 12px }} script {{ display: none }}</style></head><body>
<header><strong>{escape(invoice.seller[0])}</strong><br>
{"<br>".join(map(escape, invoice.seller[1:]))}</header>
<h1>{escape(said["title"])}</h1><dl>{facts}</dl>
<section><h2>{escape(said["buyer"])}</h2>{"<br>".join(map(escape, invoice.buyer))}</section>
<table><thead><tr>{head.replace("td>", "th>")}</tr></thead>
<tbody>{"".join(f"<tr>{row}</tr>" for row in body)}</tbody><tfoot>{sums}</tfoot></table>
<p>IBAN: {invoice.iban}</p></body></html>
"""
    return text.encode()


def eml(invoice: Invoice) -> bytes:
    """A message whose text is the invoice."""
    said, message = words(invoice), EmailMessage()
    message["From"] = f"{invoice.seller[0]} <billing@larkspur.example>"
    message["To"] = f"{invoice.buyer[0]} <office@fenwick.example>"
    message["Subject"] = f"Your {said['title'].lower()} {invoice.number}"
    message["Date"] = "Thu, 05 Mar 2026 09:12:00 +0000"
    message["Message-ID"] = "<lb-6602@larkspur.example>"
    lines = ["Hello,", "", "thank you for your custom. This is your invoice for this month.", ""]
    lines += [*invoice.seller, ""]
    lines += [f"{label}: {value}" for label, value in _facts(invoice)]
    lines += ["", f"{said['buyer']}:", *invoice.buyer, ""]
    lines += [f"{a:<30}{b:>6}{c:>14}{d:>14}" for a, b, c, d in rows(invoice)]
    lines += ["", *(f"{label}: {value}" for label, value in totals(invoice))]
    lines += ["", f"IBAN: {invoice.iban}", "", "Kind regards,", invoice.seller[0], ""]
    message.set_content("\n".join(lines))
    return message.as_bytes()


def png(invoice: Invoice) -> bytes:
    """A page that lay a little askew on the scanner."""
    from PIL import Image, ImageDraw, ImageFont

    said, page = words(invoice), Image.new("L", (1240, 1400), 250)
    draw = ImageDraw.Draw(page)
    big, font = (ImageFont.truetype(_FONT, size) for size in (40, 25))
    draw.text((90, 80), invoice.seller[0], fill=20, font=big)
    draw.text((90, 140), "\n".join(invoice.seller[1:]), fill=30, font=font, spacing=10)
    draw.text((90, 270), "\n".join(invoice.buyer), fill=30, font=font, spacing=10)
    for number, (label, value) in enumerate(_facts(invoice)):
        draw.text((640, 270 + 40 * number), f"{label}:", fill=30, font=font)
        draw.text((1150, 270 + 40 * number), value, fill=30, font=font, anchor="ra")
    draw.text((90, 500), f"{said['title']} {invoice.number}", fill=20, font=big)
    at = 600
    for row in rows(invoice):
        draw.text((90, at), row[0], fill=30, font=font)
        for text, right in zip(row[1:], (700, 920, 1150), strict=True):
            draw.text((right, at), text, fill=30, font=font, anchor="ra")
        at += 56
    for label, value in totals(invoice):
        at += 44
        draw.text((560, at), label, fill=30, font=font)
        draw.text((1150, at), value, fill=30, font=font, anchor="ra")
    draw.text((90, 1280), f"IBAN: {invoice.iban}", fill=30, font=font)
    return _scanned(page.rotate(0.6, fillcolor=250, resample=Image.Resampling.BICUBIC))


def _scanned(page: object) -> bytes:
    """With specks, and few greys, so that it stays small."""
    from PIL import Image, ImageDraw

    assert isinstance(page, Image.Image)  # noqa: S101
    chance, draw = random.Random(7), ImageDraw.Draw(page)  # noqa: S311 - specks
    for _ in range(160):
        draw.point((chance.randrange(page.width), chance.randrange(page.height)), fill=120)
    stream = io.BytesIO()
    page.quantize(8).save(stream, "PNG", optimize=True, dpi=(150, 150))
    return stream.getvalue()


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    said = words(invoice)
    return [
        (said["number"], invoice.number),
        (said["issued"], dated(invoice, invoice.issued)),
        (said["due"], dated(invoice, invoice.due)),
        (said["tax_id"], invoice.tax_id),
    ]
