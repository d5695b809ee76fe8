from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from common.reading.cells import written
from common.reading.errors import DamagedDocument, EncryptedDocument, UnsupportedDocument
from tests.reading.here import heard, page_of

MIDNIGHT = dt.datetime.combine(dt.date(2026, 3, 1), dt.time())


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_each_sheet_is_a_page_with_its_table():
    book = Workbook()
    book.active.title = "Items"
    book.active.append(["Item", "Qty", "Due"])
    book.active.append(["Chair", 2, dt.date(2026, 3, 1)])
    book.create_sheet("Totals").append(["Total", 12.5])
    items, totals = heard(saved(book)).pages
    assert (items.name, totals.name) == ("Items", "Totals")
    assert items.tables[0].rows == (("Item", "Qty", "Due"), ("Chair", "2", "2026-03-01"))
    assert items.text == "Item\tQty\tDue\nChair\t2\t2026-03-01"
    assert totals.text == "Total\t12.5"


def test_the_cells_of_a_column_are_below_each_other():
    book = Workbook()
    for row in (["Item", "Price"], ["A much longer name", 1], ["x", 2]):
        book.active.append(row)
    lefts = {row[1].box.left for row in page_of(saved(book)).rows}
    assert len(lefts) == 1


def test_hidden_sheets_are_left_out_and_named():
    book = Workbook()
    book.active.append(["seen"])
    hidden = book.create_sheet("Internal")
    hidden.append(["unseen"])
    hidden.sheet_state = "hidden"
    found = heard(saved(book))
    assert [page.text for page in found.pages] == ["seen"]
    assert "Internal" in found.warnings[0]


def test_cells_far_away_cost_nothing():
    book = Workbook()
    book.active["A1"] = "near"
    book.active["C1048576"] = "far"
    assert page_of(saved(book)).text == "near\nfar"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234.5, "General", "1234.5"),
        (1234.5, "#,##0.00", "1234.50"),
        (0.1 + 0.2, "General", "0.3"),
        (2.675, "0.00", "2.68"),
        (-3.5, "#,##0.00_);(#,##0.00)", "-3.50"),
        (0.19, "0%", "19 %"),
        (0.075, "0.0%", "7.5 %"),
        (12, '"$"#,##0.00', "$ 12.00"),
        (12, '#,##0.00 "€"', "12.00 €"),
        (12, "#,##0.00\\ [$€-407]", "12.00 €"),
        (12, "[$CHF-807] #,##0.00", "CHF 12.00"),
        (7, '0 "pieces"', "7"),
        (10**20, "General", str(10**20)),
        (1e-9, "General", "0.000000001"),
        (True, "General", "TRUE"),
        (MIDNIGHT, "dd.mm.yyyy", "2026-03-01"),
        (MIDNIGHT + dt.timedelta(hours=12.5), "General", "2026-03-01 12:30"),
        (dt.time(12, 30), "General", "12:30:00"),
        (None, "General", ""),
        ("#N/A", "General", "#N/A"),
    ],
)
def test_values_of_cells_are_written_plainly(value, form, text):
    assert written(value, form) == text


def test_paragraphs_and_tables_come_in_their_order_between_header_and_footer():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "ACME Ltd"
    document.sections[0].footer.paragraphs[0].text = "IBAN DE02"
    document.add_paragraph("Number:\tINV-1")
    table = document.add_table(2, 2)
    for index, text in enumerate(("Item", "Price", "Chair\nblue", "12")):
        table.cell(*divmod(index, 2)).text = text
    document.add_paragraph("Total 12")
    page = page_of(saved(document))
    assert (
        page.text == "ACME Ltd\nNumber:\tINV-1\nItem\tPrice\nChair\t12\nblue\nTotal 12\nIBAN DE02"
    )
    assert page.tables[0].rows == (("Item", "Price"), ("Chair\nblue", "12"))


def test_text_boxes_and_form_fields_are_read_and_what_is_hidden_or_deleted_is_not():
    document = Document()
    body = document.element.body
    run = "<w:r>{0}<w:t>{1}</w:t></w:r>"
    paragraph = f"<w:p>{run}</w:p>"
    inner = f"<w:txbxContent>{paragraph.format('', 'in the box')}</w:txbxContent>"
    pieces = (
        run.format("", "kept "),
        run.format("<w:rPr><w:vanish/></w:rPr>", "hidden "),
        run.format('<w:rPr><w:vanish w:val="0"/></w:rPr>', "shown "),
        "<w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>",
        f"<w:ins>{run.format('', 'inserted')}</w:ins>",
        f"<w:r><w:pict><v:textbox>{inner}</v:textbox></w:pict></w:r>",
    )
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    body.insert(0, parse_xml(f"<w:p {nsdecls('w')} {vml}>{''.join(pieces)}</w:p>"))
    field = f"<w:sdtContent>{paragraph.format('', 'field')}</w:sdtContent>"
    body.insert(1, parse_xml(f"<w:sdt {nsdecls('w')}>{field}</w:sdt>"))
    assert page_of(saved(document)).text == "kept shown inserted\nin the box\nfield"


def test_a_table_within_a_table_is_read_once():
    document = Document()
    cell = document.add_table(1, 2).cell(0, 0)
    cell.text = "outer"
    cell.add_table(1, 1).cell(0, 0).text = "inner"
    assert page_of(saved(document)).text.split() == ["outer", "inner"]


def test_an_office_document_with_a_password_is_told_from_one_of_old():
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(EncryptedDocument, match="password"):
        heard(old + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "a.xlsx")
    with pytest.raises(UnsupportedDocument, match="before 2007: save it as XLSX, DOCX or PDF"):
        heard(old, "a.xls")
    with pytest.raises(UnsupportedDocument, match="an Outlook message: save it as EML"):
        heard(old + "__substg1.0_0037001F".encode("utf-16-le"), "a.msg")


def test_another_archive_is_sent_to_zip_unpack():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(UnsupportedDocument, match="zip-unpack"):
        heard(out.getvalue(), "a.docx")


@pytest.mark.parametrize("kept", [0.4, 0.8])
def test_an_archive_that_is_cut_off_is_damaged(kept):
    data = saved(Workbook())
    with pytest.raises(DamagedDocument, match="get it anew"):
        heard(data[: int(len(data) * kept)])
