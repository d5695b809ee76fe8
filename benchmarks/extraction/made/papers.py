"""Documents in each format."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from benchmarks.extraction.made.facts import Facts
from benchmarks.extraction.made.layouts import Run
from benchmarks.extraction.made.wordings import Wording
from benchmarks.extraction.made.writing import Hand

__all__ = ["docx", "eml", "pdf", "scan", "text", "web", "xlsx"]

FONT = Path(__file__).parents[3] / "common/media/fonts/InterDisplay-SemiBold.otf"
POINT = 0.3528


def pdf(runs: Sequence[Run], file: Path) -> None:
    """Runs of text on one page."""
    from fpdf import FPDF

    paper = FPDF(format="A4")
    paper.set_auto_page_break(auto=False)
    paper.add_font("Inter", "", FONT)
    paper.add_page()
    for run in runs:
        paper.set_font("Inter", "", run.size * (1.05 if run.bold else 1))
        width = paper.get_string_width(run.text)
        x = run.x - (width if run.align == "R" else width / 2 if run.align == "C" else 0)
        paper.text(x, run.y + run.size * POINT, run.text)
    paper.output(str(file))


def scan(source: Path, file: Path, rng: random.Random) -> None:
    """A PDF's page as a scanner sees it: a little turned, with noise, unevenly lit."""
    import pypdfium2
    from PIL import Image, ImageChops, ImageFilter

    document = pypdfium2.PdfDocument(source)
    picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    turned = picture.rotate(
        rng.uniform(-1.2, 1.2), expand=True, fillcolor=250, resample=Image.Resampling.BICUBIC
    )
    noise = Image.effect_noise(turned.size, rng.uniform(10, 28))
    noisy = ImageChops.subtract(turned, noise.point(lambda value: max(0, value - 128) // 2))
    noisy.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.7))).save(
        file, quality=rng.randrange(55, 90)
    )


def _structure(facts: Facts, words: Wording, hand: Hand) -> dict[str, Any]:
    pairs = [(words["number"], facts.number), (words["date"], hand.date(facts.date))]
    pairs += [(words["due"], hand.date(facts.due))] if facts.due else []
    pairs += [(words["order"], facts.order)] if facts.order else []
    header = [words["description"], words["quantity"], words["price"], words["amount"]]
    rows = [
        [i.description, hand.quantity(i.quantity), hand.money(i.price), hand.money(i.amount)]
        for i in facts.items
    ]
    sums = [
        (words["net"], hand.money(facts.net)),
        (f"{words['tax']} {facts.rate} %", hand.money(facts.tax)),
        (words["gross"], hand.total(facts.gross)),
    ]
    foot = [f"{words['vat']}: {facts.seller.tax_id}"]
    foot += [f"{words['bank']}: {facts.iban}"] if facts.iban else []
    return {"pairs": pairs, "header": header, "rows": rows, "sums": sums, "foot": foot}


def text(facts: Facts, words: Wording, hand: Hand, file: Path) -> None:
    """Fixed columns."""
    told = _structure(facts, words, hand)
    seller, buyer = facts.seller, facts.buyer
    lines = [seller.name, seller.street, seller.town, "", words["title"], ""]
    lines += [f"{label + ':':<28}{value}" for label, value in told["pairs"]]
    lines += ["", f"{words['buyer']}:", buyer.name, buyer.street, buyer.town, ""]
    widths = (34, 12, 20, 20)
    for row in (told["header"], *told["rows"]):
        lines.append(
            f"{row[0]:<{widths[0]}}"
            + "".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        )
    lines += ["", *(f"{label:>60}{value:>26}" for label, value in told["sums"]), "", *told["foot"]]
    file.write_text("\n".join(lines), encoding="utf-8")


def web(facts: Facts, words: Wording, hand: Hand, file: Path) -> None:
    """A page with tables."""
    file.write_text(_html(facts, words, hand), encoding="utf-8")


def _html(facts: Facts, words: Wording, hand: Hand) -> str:
    told = _structure(facts, words, hand)

    def table(rows: Sequence[Sequence[str]]) -> str:
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

    def party(label: str, lines: Sequence[str]) -> str:
        return f"<p>{html.escape(label)}<br>" + "<br>".join(map(html.escape, lines)) + "</p>"

    seller, buyer = facts.seller, facts.buyer
    body = [
        f"<h1>{words['title']}</h1>", party(f"{words['seller']}:", (seller.name, seller.street, seller.town)),  # noqa: E501
        party(f"{words['buyer']}:", (buyer.name, buyer.street, buyer.town)), table(told["pairs"]),
        table([told["header"], *told["rows"]]), table(told["sums"]), *(f"<p>{line}</p>" for line in told["foot"]),  # noqa: E501
    ]  # fmt: skip
    return f"<!doctype html><html><head><meta charset='utf-8'><title>x</title></head><body>{''.join(body)}</body></html>"  # noqa: E501


def eml(facts: Facts, words: Wording, hand: Hand, file: Path) -> None:
    """An e-mail with the same in its body."""
    message = EmailMessage()
    message["From"], message["To"] = "billing@example.com", "books@example.org"
    message["Subject"] = f"{words['title']} {facts.number}"
    message["Date"] = "Mon, 01 Jan 2018 10:00:00 +0000"
    message.set_content("HTML")
    message.add_alternative(_html(facts, words, hand), subtype="html")
    file.write_bytes(bytes(message))


def docx(facts: Facts, words: Wording, hand: Hand, file: Path) -> None:
    """Paragraphs and tables."""
    from docx import Document

    told = _structure(facts, words, hand)
    paper = Document()
    for line in (facts.seller.name, facts.seller.street, facts.seller.town, ""):
        paper.add_paragraph(line)
    paper.add_heading(words["title"])
    for label, value in told["pairs"]:
        paper.add_paragraph(f"{label}: {value}")
    paper.add_paragraph(f"{words['buyer']}:")
    for line in (facts.buyer.name, facts.buyer.street, facts.buyer.town):
        paper.add_paragraph(line)
    for rows in ([told["header"], *told["rows"]], told["sums"]):
        table = paper.add_table(len(rows), len(rows[0]))
        for row, cells in zip(rows, table.rows, strict=True):
            for cell, place in zip(row, cells.cells, strict=True):
                place.text = cell
        paper.add_paragraph("")
    for line in told["foot"]:
        paper.add_paragraph(line)
    paper.save(str(file))


def xlsx(facts: Facts, words: Wording, hand: Hand, file: Path) -> None:
    """Cells, with numbers and days as such."""
    from openpyxl import Workbook

    told = _structure(facts, words, hand)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (facts.seller.name, facts.seller.street, facts.seller.town):
        sheet.append([line])
    sheet.append([words["title"]])
    for label, value in told["pairs"]:
        sheet.append([label, value])
    sheet.append([])
    for line in (f"{words['buyer']}:", facts.buyer.name, facts.buyer.street, facts.buyer.town):
        sheet.append([line])
    sheet.append([])
    sheet.append(told["header"])
    for one in facts.items:
        sheet.append([one.description, int(one.quantity), float(one.price), float(one.amount)])
    for (label, _), value in zip(told["sums"], (facts.net, facts.tax, facts.gross), strict=True):
        sheet.append([None, None, label, float(value)])
    sheet.append([f"{words['gross']} ({facts.currency})"])
    for line in told["foot"]:
        sheet.append([line])
    book.save(file)
