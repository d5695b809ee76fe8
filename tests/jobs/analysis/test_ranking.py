"""What says most stands first, and what is a figure is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reading.document import Box, Document, Line, Page, Word
from jobs.analysis.checking import Checking
from jobs.analysis.figures import figures_in
from jobs.analysis.markdown import _plain
from jobs.analysis.passages import passages_of
from jobs.analysis.ranking import Index, is_whole
from jobs.analysis.report import Passage
from jobs.analysis.terms import terms_of
from tests.chaos.counts import trials

PASSAGES = (
    Passage(1, 1, 1, ("Our offices are in Berlin.", "We have 38 employees there.")),
    Passage(2, 1, 2, ("Pumps", "The price of heat pumps rose by 4 %.", "Nobody knows why.")),
    Passage(3, 2, 1, ("Prices of oil fell.", "Die Preise der Wärmepumpen stiegen.")),
)


def test_endings_and_accents_do_not_matter():
    with Index(PASSAGES) as index:
        assert index.passages(["pump"], 5) == [PASSAGES[1]]
        assert index.passages(["warmepumpe"], 5) == [PASSAGES[2]]
        best = index.hits(["price", "heat", "pump"])[0]
        assert best.text == "The price of heat pumps rose by 4 %."
        assert index.missing(["prices", "hydrogen"]) == ["hydrogen"]


def test_what_is_left_of_a_short_word_does_not_stand_for_others():
    with Index((Passage(1, 1, 1, ("The dog is on a leash, at least.",)),)) as index:
        assert index.hits(["lease"]) == []


def test_a_word_within_another_is_not_said_to_stand_nowhere():
    with Index((Passage(1, 1, 1, ("Die Nachfrage wird gebremst.",)),)) as index:
        assert index.missing(["bremst", "Anfrage", "Nachfrage"]) == ["Anfrage"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Sales fell.", True),
        ("“Sales fell.”", True),
        ("2024 · 193,000 · 19 %", True),
        ("Year · Sales · Share", False),
        ("Heat pumps in Germany", False),
        ("What holds people back?", False),
    ],
)
def test_sentences_and_rows_of_numbers_are_whole(text, whole):
    assert is_whole(text) == whole


def test_sentences_stand_in_passages_without_their_bullets():
    line = Line((Word("- Sales fell by -4 %.", Box(0, 0, 90, 9)),))
    (passage,) = passages_of(Document("a", "text/plain", (Page(1, 99, 99, (line,)),)), 1, 0)
    assert passage.text == "Sales fell by -4 %."


@settings(max_examples=trials(40, 2_000), deadline=None)
@given(st.text(max_size=60))
def test_any_question_can_be_asked(question):
    with Index(PASSAGES) as index:
        terms = terms_of(question)
        index.hits(terms)
        assert set(index.missing(terms)) <= set(terms)


def test_of_a_question_what_it_is_about_is_looked_for():
    assert terms_of("What is the price of heat pumps in 2026?") == [
        "price",
        "heat",
        "pumps",
        "2026",
    ]
    assert terms_of("Wie hoch sind die Kosten?") == ["Kosten"]
    assert terms_of("Who are you?") == ["Who", "are", "you"]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It rose by 24 % to 299,000 units.", ["24 %", "299,000 units"]),
        ("EUR 1.5 million on 3 June 2026, or $12", ["EUR 1.5 million", "3 June 2026", "$12"]),
        ("Am 3.5.2026 kostet es 31.500 € und 4 Tage", ["3.5.2026", "31.500 €", "4 Tage"]),
        ("2026-05-03 and March 2027", ["2026-05-03", "March 2027"]),
        ("About 14,000 euros, by 41 Cent", ["14,000 euros", "41 Cent"]),
        ("183 000 unités à 1,2 milliard d'euros", ["183 000 unités", "1,2 milliard d'euros"]),
        ("3 años y 12 millones de euros", ["3 años", "12 millones de euros"]),
        ("Room 12, house 3, version 2.1", []),
    ],
)
def test_figures_are_numbers_of_something(text, figures):
    assert [*figures_in(text)] == figures


def statement(text, *cites):
    return {"text": text, "cites": [{"passage": number, "quote": quote} for number, quote in cites]}


def checked(*statements, warn=None):
    said = {"short": [*statements], "findings": [], "figures": [], "unanswered": []}
    return Checking(PASSAGES).checked(said, [] if warn is None else warn)


def test_what_a_passage_bears_out_is_cited():
    answer = checked(statement("Prices rose by 4 %.", (2, "price of heat pumps ROSE by 4%")))
    assert answer.short[0].cites == (1,)
    assert not answer.short[0].flaw
    assert (answer.citations[0].source, answer.citations[0].page) == (1, 2)


@pytest.mark.parametrize(
    "said",
    [
        statement("Prices rose by 4 %."),
        statement("Prices rose by 4 %.", (9, "The price of heat pumps rose by 4 %.")),
        statement("Prices rose by 4 %.", (-1, "The price of heat pumps rose by 4 %.")),
        statement("Prices rose by 4 %.", (1, "The price of heat pumps rose by 4 %.")),
        statement("Prices rose by 4 %.", (2, "Prices will rise for ever.")),
        statement("Prices rose by 4 %.", (2, "")),
        statement("Prices rose by 4 %.", (2, "—")),
        statement("Prices rose by 5 %.", (2, "The price of heat pumps rose by 4 %.")),
    ],
)
def test_what_none_bears_out_is_marked_and_told(said):
    warn: list[str] = []
    answer = checked(said, warn=warn)
    assert answer.short[0].flaw
    assert any("not borne out" in each for each in warn)


@given(st.text())
def test_no_text_means_anything_to_markdown(text):
    plain = _plain(text)
    assert "\n" not in plain
    for special in "[]<>`*_|":
        assert plain.count(special) == plain.count(f"\\{special}")
