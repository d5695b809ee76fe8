"""Sentences: where they end, and which lines are one."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from common.reading.document import Document
from common.reading.sentences import sentences, split
from tests.reading.here import heard


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        (
            "On 3. May we met Dr. Smith, e.g. in No. 5.",
            ["On 3. May we met Dr. Smith, e.g. in No. 5."],
        ),
        (
            "It cost 3.5 Mio. € and more. Then it fell.",
            ["It cost 3.5 Mio. € and more.", "Then it fell."],
        ),
        (
            "“It works!” he said. (Yes.) «Good.» End",
            ["“It works!” he said.", "(Yes.)", "«Good.»", "End"],
        ),
        ("See example.com/a.b or v1.2.3", ["See example.com/a.b or v1.2.3"]),
        ("", []),
        (" . ", ["."]),
    ],
)
def test_sentences_end_where_they_end(text, found):
    assert [*split(text)] == found


@given(st.text())
def test_nothing_is_lost_or_made(text):
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_none_is_longer_than_can_be_borne():
    parts = [*split("word " * 1_000 + "x" * 5_000)]
    assert max(map(len, parts)) <= 1_000
    assert "".join(parts).replace(" ", "") == "word" * 1_000 + "x" * 5_000


def test_lines_of_a_pdf_are_joined_and_its_pages_known():
    paper = FPDF()
    paper.set_font("Helvetica", size=11)
    for text in ("The market is grow-\ning fast. It will\ngo on.\n\n\nAnother.", "Next page."):
        paper.add_page()
        paper.multi_cell(0, 5, text)
    document = Document("a", "application/pdf", tuple(heard(bytes(paper.output())).pages))
    found = [(each.page, each.text, each.begins) for each in sentences(document)]
    assert found == [
        (1, "The market is growing fast.", True),
        (1, "It will go on.", False),
        (1, "Another.", True),
        (2, "Next page.", True),
    ]


def test_lines_of_other_formats_are_as_they_are():
    pages = tuple(heard(b"<html><p>One. Two.<p>three", "a.html").pages)
    found = [each.text for each in sentences(Document("a", "text/html", pages))]
    assert found == ["One.", "Two.", "three"]
