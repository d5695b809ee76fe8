from __future__ import annotations

import io

import pypdfium2
import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

from common.reading.errors import DamagedDocument, EncryptedDocument
from tests.reading.here import heard, page_of, words_of
from tests.reading.raw import page as raw_page
from tests.reading.raw import pdf as raw_pdf
from tests.reading.raw import shown, stream

POINTS = 72 / 25.4  # in a millimetre, by which fpdf2 measures


def paper() -> FPDF:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    return pdf


def written(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def turned(data: bytes, degrees: int) -> bytes:
    """As a viewer shows a page that says it is to be turned."""
    pdf = pypdfium2.PdfDocument(data)
    pdf[0].set_rotation(degrees)
    out = io.BytesIO()
    pdf.save(out)
    pdf.close()
    return out.getvalue()


def test_words_stand_where_they_were_put():
    pdf = paper()
    pdf.text(50, 100, "Total")
    pdf.text(150, 100, "12.00")
    page = page_of(written(pdf))
    total, amount = words_of(page)
    assert (total.text, amount.text) == ("Total", "12.00")
    assert total.box.left == pytest.approx(50 * POINTS, abs=1)
    assert amount.box.left == pytest.approx(150 * POINTS, abs=1)
    assert total.box.top < 100 * POINTS < total.box.bottom + 1
    assert total.box.bottom - total.box.top == pytest.approx(12, abs=4)
    assert (page.width, page.height) == (pytest.approx(595.3, abs=1), pytest.approx(841.9, abs=1))


def test_what_is_far_apart_is_a_line_of_its_own_in_the_same_row():
    pdf = paper()
    pdf.text(20, 50, "Invoice number")
    pdf.text(80, 50, "INV 77")
    pdf.text(20, 60, "Date")
    page = page_of(written(pdf))
    rows = [[line.text for line in row] for row in page.rows]
    assert rows == [["Invoice number", "INV 77"], ["Date"]]
    assert page.text == "Invoice number\tINV 77\nDate"


def test_rows_come_from_top_to_bottom_whatever_order_they_were_written_in():
    pdf = paper()
    for text, x, y in (("d", 60, 80), ("a", 20, 50), ("c", 20, 80), ("b", 60, 50)):
        pdf.text(x, y, text)
    assert page_of(written(pdf)).text == "a\tb\nc\td"


def test_columns_of_text_are_kept_apart():
    pdf = paper()
    for row in range(5):
        pdf.text(20, 50 + 6 * row, f"left column row {row} of several")
        pdf.text(95, 50 + 6 * row, f"right column row {row} of several")
    lines = [line.text for line in page_of(written(pdf)).lines]
    assert len(lines) == 10
    assert not [line for line in lines if "left" in line and "right" in line]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_upright(degrees):
    pdf = paper()
    with pdf.rotation(degrees, 105, 148):
        pdf.text(60, 140, "Invoice number")
        pdf.text(120, 140, "INV-7")
        pdf.text(60, 150, "Total")
    data = written(pdf)
    for page in (page_of(data), page_of(turned(data, degrees))):
        assert page.text == "Invoice number\tINV-7\nTotal"
        boxes = [word.box for word in words_of(page)]
        assert all(0 < box.left < box.right < page.width for box in boxes)
        assert all(0 < box.top < box.bottom < page.height for box in boxes)


def test_a_turned_note_does_not_get_into_the_rows_beside_it():
    pdf = paper()
    for row in range(6):
        pdf.text(40, 50 + 6 * row, f"row {row}")
    with pdf.rotation(90, 30, 80):
        pdf.text(30, 80, "sideways note")
    with pdf.rotation(40, 40, 80):
        pdf.text(35, 80, "DRAFT")
    lines = [line.text for line in page_of(written(pdf)).lines]
    assert lines == [*(f"row {row}" for row in range(6)), "sideways note", "DRAFT"]


def test_ligatures_soft_hyphens_and_odd_spaces_are_what_they_mean():
    (first, *others) = words_of(page_of(shown("ﬁnal oﬃce co\u00adop a\u00a0b")))
    assert [first.text, *(word.text for word in others)] == ["final", "office", "coop", "a", "b"]


def test_characters_beyond_the_first_plane_are_whole():
    assert page_of(shown("a\U0001d7d9b")).text == "a\U0001d7d9b"


def test_hebrew_and_arabic_are_read_from_right_to_left():
    assert page_of(shown("ךיראת 12345 תינובשח רפסמ")).text == "מספר חשבונית 12345 תאריך"
    assert page_of(shown("خيراتلا 987 ةروتافلا مقر")).text == "رقم الفاتورة 987 التاريخ"


def test_what_was_filled_in_is_read():
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/F 4/P 3 0 R/Rect[120 695 300 715]"
        b"/AP<</N 7 0 R>>>>"
    )
    look = stream(
        b"BT /F1 12 Tf 2 5 Td (Jane Doe) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 180 20]/Resources<</Font<</F1 5 0 R>>>>",
    )
    data = raw_page(stream(b"BT /F1 12 Tf 50 700 Td (Name:) Tj ET"), field, look)
    assert page_of(data).text == "Name:\tJane Doe"


def test_what_stands_beside_the_page_is_not_read():
    data = raw_page(stream(b"BT /F1 12 Tf 50 700 Td (seen) Tj 900 0 Td (unseen) Tj ET"), b"<<>>")
    assert page_of(data).text == "seen"


@pytest.mark.parametrize("method", ["RC4", "AES-256"])
def test_a_password_is_named_as_the_reason(method):
    pdf = paper()
    pdf.text(50, 50, "secret")
    method = EncryptionMethod.RC4 if method == "RC4" else EncryptionMethod.AES_256
    pdf.set_encryption("owner", "user", encryption_method=method)
    with pytest.raises(EncryptedDocument, match=r"^paper asks for a password"):
        heard(written(pdf))


def test_a_password_for_changes_only_is_none_for_reading():
    pdf = paper()
    pdf.text(50, 50, "public")
    pdf.set_encryption("owner")
    assert page_of(written(pdf)).text == "public"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_pdf_that_is_cut_off_is_not_read_in_part(kept):
    pdf = paper()
    pdf.text(50, 50, "first")
    data = written(pdf)
    with pytest.raises(DamagedDocument, match="cut off"):
        heard(data[: int(len(data) * kept)])


def test_a_page_tree_that_has_no_end_is_damaged():
    kids = b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    with pytest.raises(DamagedDocument, match="no page"):
        heard(raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", kids]))


def test_pages_beyond_the_limit_are_left_out_and_that_is_said():
    pdf = paper()
    for number in range(1, 5):
        pdf.text(50, 50, f"page {number}")
        pdf.add_page()
    found = heard(written(pdf), pages=2)
    assert [page.text for page in found.pages] == ["page 1", "page 2"]
    assert [page.number for page in found.pages] == [1, 2]
    assert found.warnings == ["paper has 5 pages; the limit is 2, and the rest is left out."]


def test_words_beyond_the_limit_are_left_out_and_that_is_said():
    pdf = paper()
    pdf.text(50, 50, "one two")
    pdf.text(50, 60, "three four")
    found = heard(written(pdf), words=3)
    assert found.pages[0].text == "one two"
    assert "more than 3 words" in found.warnings[0]
