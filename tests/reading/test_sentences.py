"""Sentences: where they end, and which lines are one."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from common.reading.document import Document
from common.reading.sentences import sentences, split
from common.reading.wrapped import unwrapped
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
        ("Bajó un 12 %. ¿Por qué? ¡Suben!", ["Bajó un 12 %.", "¿Por qué?", "¡Suben!"]),
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


def sentences_of(text, *, join=True):
    pages = tuple(heard(text.encode(), "a.txt").pages)
    return [each.text for each in sentences(Document("a", "text/plain", pages), join=join)]


def test_lines_of_a_text_that_were_broken_to_a_width_are_joined():
    text = (
        "Report on pumps\n\n"
        "Heat pump sales fell by 21 % in 2024. The demand is held\n"
        "back by the price of power, which in most of them is\n"
        "more than twice.\n"
        "- high costs of about 14,000 euros for a house, of which\n"
        "  a part is paid back\n"
        "- few installers, who have to be trained for all of it:\n"
        "  two years, and more\n"
    )
    assert sentences_of(text) == [
        "Report on pumps",
        "Heat pump sales fell by 21 % in 2024.",
        "The demand is held back by the price of power, which in most of them is more than twice.",
        "- high costs of about 14,000 euros for a house, of which a part is paid back",
        "- few installers, who have to be trained for all of it: two years, and more",
    ]


def test_they_stay_apart_for_who_compares_texts():
    lines = ["The demand for heat pumps is held back by the price", "of electricity."]
    assert sentences_of("\n".join(lines), join=False) == lines
    assert len(sentences_of("\n".join(lines))) == 1


@pytest.mark.parametrize(
    "lines",
    [
        ["Milk", "Bread", "Butter"],
        ["What was bought for the three houses in the year of 2025:", "Heat pumps and radiators"],
        ["Red widget: 8 EUR", "Blue widget: 10 EUR", "A widget that is green: 12 EUR"],
        ["A paragraph of one line, " * 8 + "as programs write them", "And another of them"],
        ["Jahr\tAbsatz\tAnteil am ganzen Markt, gerundet", "2024\t193.000 Stück\t19 %"],
    ],
)
def test_lines_that_nobody_broke_stay_apart(lines):
    assert sentences_of("\n".join(lines)) == lines


@given(st.text("abcdefghijklm nop qrs tuv.:-|A\n\t\x1f", min_size=300, max_size=900))
def test_joining_loses_nothing(text):
    assert "".join("".join(unwrapped(text)).split()) == "".join(text.split())
