from __future__ import annotations

import pytest

from common.reading.errors import DamagedDocument, TooLargeDocument, UnsupportedDocument
from common.reading.formats import content_type_of
from common.reading.texts import decoded
from tests.reading.here import heard, page_of, words_of

GERMAN = "Rechnung für Jörg Müller, Straße 5\nBetrag über 1.234,50 € zuzüglich Gebühren\n"
FRENCH = "Facture numéro 12 émise à l'hôtel, échéance après réception du chèque\n"


@pytest.mark.parametrize("text", [GERMAN, FRENCH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_is_read_in_its_encoding(text, encoding):
    assert page_of(text.encode(encoding), "a.txt").text.split() == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "Kunde;Betrag\nMüller & Söhne;1.234,50 €\nWeiß;99,00 €\n",
        "Kunde;Betrag\nMüller;5 EUR\n",
        "Numéro;Désignation\n12;Écran à LED \u2013 de l\u2019hôtel\n",
        "Número;Descripción\n1;Año 2026, señal\n",
    ],
)
def test_a_few_accents_are_read_as_spreadsheets_write_them(text):
    assert decoded(text.encode("cp1252"), "a.csv") == text


def test_letters_of_other_alphabets_are_not_taken_for_accents():
    text = "Номер счёта;Имя покупателя\n1;Иван Петров, город Москва\n"
    assert decoded(text.encode("cp1251"), "a.csv") == text


def test_one_broken_character_does_not_spoil_the_others():
    data = (GERMAN * 3).encode()[:-20] + b"\xc3"
    assert page_of(data, "a.txt").text.startswith("Rechnung für Jörg Müller, Straße 5\n")


def test_what_is_apart_by_tabs_or_spaces_is_apart():
    page = page_of(b"Number:   INV-1\nTotal\t12.00\nName:\tX\n\nThe end", "a.txt")
    assert page.text == "Number:\tINV-1\nTotal\t12.00\nName:\tX\nThe end"
    tops = [row[0].box.top for row in page.rows]
    assert [int((top - tops[0]) / 12) for top in tops] == [0, 1, 2, 4]


def test_words_are_as_wide_as_a_typewriter_sets_them():
    first, second = words_of(page_of(b"ab cde", "a.txt"))
    assert first.box.right - first.box.left == 2 * 6
    assert second.box.left - first.box.left == 3 * 6


def test_form_feeds_part_pages():
    assert [page.text for page in heard(b"one\ftwo\f", "a.txt").pages] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", (("a", "b"), ("1", "2"))),
        ("a;b\n1,50;2\n1,75;3", (("a", "b"), ("1,50", "2"), ("1,75", "3"))),
        ('name;text\n"x; y";"a\nb"\n', (("name", "text"), ("x; y", "a\nb"))),
        ("a\tb, c\n1\t2, 3", (("a", "b, c"), ("1", "2, 3"))),
        ("sep=|\na|b,c\n", (("a", "b,c"),)),
        ("a,b\r\n1,2\r\n", (("a", "b"), ("1", "2"))),
        ("only\none\ncolumn\n", (("only",), ("one",), ("column",))),
        ("May\n\na,b,c\n1,2,3", (("May",), ("a", "b", "c"), ("1", "2", "3"))),
    ],
)  # fmt: skip
def test_what_is_between_cells_is_found_out(text, rows):
    assert page_of(text.encode(), "a.csv").tables[0].rows == rows


def test_a_quote_that_is_left_open_does_not_swallow_everything():
    with pytest.raises(TooLargeDocument, match="quote"):
        heard(b'a,b\n"' + b"x,\n" * 400_000, "a.csv")


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (b"%PDF-1.7", "a.txt", "application/pdf"),
        (b"\n%PDF-1.7", "a", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", "image/png"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "image/jpeg"),
        (b"II*\0", "a", "image/tiff"),
        (b"RIFF\0\0\0\0WEBP", "a", "image/webp"),
        (b"GIF89a", "a", "image/gif"),
        (b"<!DOCTYPE html><p>", "a", "text/html"),
        (b"<!-- x --> <html>", "a.txt", "text/html"),
        (b"a,b", "a.CSV", "text/csv"),
        (b"a,b", "a.txt", "text/plain"),
        (b"From: a\nTo: b\nSubject: c\n\nd", "noname", "message/rfc822"),
        (b"From: here\nwe go\n", "a", "text/plain"),
    ],
)
def test_bytes_say_what_a_document_is_and_else_its_name(data, name, content_type):
    assert content_type_of(data, name) == content_type


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{\\rtf1 x}", "an RTF document: save it as DOCX or PDF"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (bytes(range(32)) * 10, "no known format"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(data, why):
    with pytest.raises(UnsupportedDocument, match=why) as refused:
        heard(data, "x.bin")
    assert str(refused.value).startswith("x.bin is ")
    assert "PDF, PNG, JPEG" in str(refused.value)


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\0" * 100])
def test_an_empty_file_is_damaged(data):
    with pytest.raises(DamagedDocument, match=r"^a\.txt is empty"):
        heard(data, "a.txt")
