"""An answer made here: in the sources' own words, each with where it stands."""

from __future__ import annotations

import json
import re

import pytest

from common.files import File, Place, write_manifest
from common.runs import State
from tests.jobs.analysis.conftest import (
    CANARY,
    QUESTION,
    STUDY,
    analysed,
    markdown_of,
    pdf_of,
    sources,
)

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.mark.usefixtures("no_pdf")
def test_the_answer_is_cited_word_by_word_with_its_page(each_ledger):
    result = each_ledger.result(analysed(each_ledger))
    quotes = {(each["source"], each["page"]): each["quote"] for each in result["citations"]}
    assert quotes[1, 2] == STUDY.partition("\f")[2].strip()
    assert any("70 %" in each["quote"] for each in result["citations"] if each["source"] == 2)
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", result["answer"])}
    assert numbers
    assert numbers <= {each["n"] for each in result["citations"]}
    assert [source["pages"] for source in result["sources"]] == [2, 1]
    assert (result["provider"], result["model"], result["unanswered"]) == ("local", None, [])


def test_both_papers_say_what_the_result_does(ledger):
    result = ledger.result(analysed(ledger, title="A title"))
    markdown, pdf = markdown_of(ledger, result), pdf_of(ledger, result)
    for text in ("A title", QUESTION, "Short answer", "Sources", "study.txt, p. 2"):
        assert text in markdown
        assert text in pdf
    for each in result["citations"]:
        assert f"[{each['n']}]" in pdf
        assert f'id="c{each["n"]}"' in markdown
        assert each["quote"][:40].replace("\u00a0", " ") in pdf.replace("\u00a0", " ")
    assert "March 2027" in markdown
    assert result["pdf"]["content_type"] == "application/pdf"


@pytest.mark.usefixtures("no_pdf")
def test_what_sources_say_is_nothing_but_text_in_the_markdown(ledger):
    question = "Which instructions are to be ignored for a subsidy now?"
    result = ledger.result(analysed(ledger, question=question))
    markdown = markdown_of(ledger, result)
    assert "instructions" in markdown
    assert not re.search(r"(?<!\\)\]\((?!#c\d)", markdown)
    assert "<img" not in markdown
    assert "alert" not in markdown
    assert not re.search(r"(?<!\\)<(?!a id=|/a>)", markdown)


@pytest.mark.usefixtures("no_pdf")
def test_what_the_sources_do_not_say_is_told(ledger):
    result = ledger.result(analysed(ledger, question="What is the subsidy for hydrogen boilers?"))
    assert result["unanswered"] == ["Nothing in the sources mentions: hydrogen, boilers."]
    result = ledger.result(
        analysed(ledger, question="How tall are giraffes?", sources=["in/study.txt"])
    )
    assert result["answer"] == "The sources say nothing about this."
    assert result["citations"] == []
    assert "say nothing about this" in markdown_of(ledger, result)


def test_a_source_that_cannot_be_read_is_named_and_the_rest_is_read(ledger):
    ledger.blobs.write("in/broken.pdf", b"%PDF-1.7\nnothing")
    named = [*sources(ledger), "in/broken.pdf", "in/none.txt"]
    result = ledger.result(analysed(ledger, sources=named))
    assert [bool(source["why"]) for source in result["sources"]] == [False, False, True, True]
    assert len([each for each in result["warnings"] if "was not read" in each]) == 2
    markdown, pdf = markdown_of(ledger, result), pdf_of(ledger, result)
    assert "Not read:" in markdown
    assert "Not read:" in pdf


def test_with_nothing_to_read_there_is_no_report(ledger):
    run = analysed(ledger, sources=["in/none.txt"])
    assert (run.state, run.error.type) == (State.FAILED, "NothingToRead")
    assert "in/none.txt" in run.error.message
    run = analysed(ledger, folder="empty")
    assert (run.state, run.error.type) == (State.FAILED, "NothingToRead")
    assert run.error.message == "There are no documents in empty."


@pytest.mark.usefixtures("no_pdf")
def test_folders_and_manifests_name_sources_too(ledger):
    sources(ledger)
    result = ledger.result(analysed(ledger, folder="in"))
    assert [source["name"] for source in result["sources"]] == ["press.html", "study.txt"]
    study = File(
        name="The study.txt",
        uri=ledger.blobs.uri("in/study.txt"),
        size=1,
        sha256="0" * 64,
        content_type="text/plain",
    )
    write_manifest(Place(ledger.blobs, "list.jsonl"), [study])
    result = ledger.result(analysed(ledger, manifest="list.jsonl"))
    assert [source["name"] for source in result["sources"]] == ["The study.txt"]


@pytest.mark.usefixtures("no_pdf")
def test_what_is_there_twice_is_read_once(ledger):
    named = sources(ledger)
    ledger.blobs.write("in/again.txt", STUDY.encode())
    result = ledger.result(analysed(ledger, sources=[*named, "in/again.txt", *named]))
    assert [source["why"] for source in result["sources"]] == [
        "",
        "",
        "It is the same as source 1.",
    ]
    assert {each["source"] for each in result["citations"]} == {1, 2}


def test_a_manifest_that_is_not_there_is_told(ledger):
    run = analysed(ledger, manifest="none.jsonl")
    assert (run.state, run.error.type) == (State.FAILED, "NotThere")


def test_there_are_not_more_sources_than_a_report_can_have(ledger):
    for number in range(51):
        ledger.blobs.write(f"many/{number}.txt", b"Heat %d." % number)
    run = analysed(ledger, folder="many")
    assert (run.state, run.error.type) == (State.FAILED, "TooManySources")


@pytest.mark.usefixtures("no_pdf")
def test_a_page_of_the_web_is_cited_without_what_its_url_hides(ledger, site):
    site.page("The subsidy for heat pumps is 70 %.")
    named = [site.url(f"/page?token={CANARY}"), site.url(f"/none?token={CANARY}")]
    result = ledger.result(analysed(ledger, sources=named))
    assert result["sources"][0]["uri"] == site.url("/page")
    assert CANARY not in str(result) + markdown_of(ledger, result)


@pytest.mark.usefixtures("no_pdf")
def test_a_source_that_is_ill_for_now_is_waited_for_and_then_left_out(ledger, site):
    site.status["/page"] = "503 Busy"
    run = analysed(ledger, sources=[site.url("/page"), *sources(ledger)])
    for _ in range(2):
        assert run.state is State.PENDING
        now = ledger.documents.now()
        ledger.documents.update("runs", run.id, lambda _: {"due": now})  # noqa: B023
        run = ledger.attempt(run.id)
    assert "503" in ledger.result(run)["sources"][0]["why"]


@pytest.mark.usefixtures("no_pdf")
def test_nothing_inside_is_read(ledger, site):
    inside = [
        f"https://169.254.169.254:{site.peer.port}/",
        f"https://other.example:{site.peer.port}/",
    ]
    result = ledger.result(analysed(ledger, sources=[*inside, *sources(ledger)]))
    assert all("not a public one" in source["why"] for source in result["sources"][:2])
    assert site.asked == []


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Kurze Antwort"), ("fr", "Réponse brève"), ("es", "Respuesta breve")],
)
def test_the_report_speaks_other_languages(language, said, ledger):
    result = ledger.result(analysed(ledger, language=language))
    assert said in markdown_of(ledger, result)


def test_letters_that_the_pdf_has_not_are_told(ledger):
    ledger.blobs.write("in/a.txt", "Wärmepumpen kosten 12 € — Привет, 日本 🎉 heat ﬁre.".encode())
    run = analysed(ledger, sources=["in/a.txt"], question="heat Wärmepumpen?")
    result = ledger.result(run)
    assert any("日本" in each for each in result["warnings"])
    markdown, pdf = markdown_of(ledger, result), pdf_of(ledger, result)
    assert "日本 🎉" in markdown
    assert "Wärmepumpen kosten 12 € — Привет, ?? ? heat" in pdf.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "params",
    [
        {"question": "?"},
        {"question": "?!?"},
        {"question": "a\0b c"},
        {"sources": []},
        {"sources": [""]},
        {"sources": ["a"] * 51},
        {"provider": "somebody"},
        {"language": "xx"},
    ],
)
def test_params_that_cannot_be_are_refused_when_submitted(params, ledger):
    with pytest.raises(Exception, match="analysis"):
        analysed(ledger, **params)


@pytest.mark.usefixtures("no_pdf")
@pytest.mark.parametrize(
    "odd", ["\ud800", "a\n\n# Heading", "a` <img src=x> `", "{nb}", "\0", "?x"]
)
def test_a_manifest_may_name_whatever_it_likes(ledger, odd):
    line = {"name": f"n{odd}", "uri": f"in/{odd}", "size": 1, "sha256": "", "content_type": ""}
    study = {**line, "uri": ledger.blobs.uri(sources(ledger)[0])}
    ledger.blobs.write(
        "odd.jsonl", "".join(f"{json.dumps(each)}\n" for each in (line, study)).encode()
    )
    run = analysed(ledger, manifest="odd.jsonl")
    if run.state is State.FAILED:  # the manifest is none
        assert run.error.type == "InvalidInput"
        return
    markdown = markdown_of(ledger, ledger.result(run))
    assert "\n# Heading" not in markdown
    assert not re.search(r"(?m)^[^`\n]*`[^`\n]*`[^`\n]*<img", markdown)


@pytest.mark.usefixtures("no_pdf")
def test_a_heading_is_no_answer_where_a_sentence_is(ledger):
    text = (
        "Heat pumps in Germany: a study of demand\n\nDemand for heat pumps fell by 8 % in the first"
        " quarter, as the law was in doubt.\n\nOffices are in Berlin. Few know of it.\n"
    )
    ledger.blobs.write("in/short.txt", text.encode())
    result = ledger.result(
        analysed(ledger, question="Demand for heat pumps in Germany?", sources=["in/short.txt"])
    )
    assert result["answer"].startswith("Demand for heat pumps fell")


def test_what_sources_say_is_nothing_but_text_in_the_pdf(ledger):
    ledger.blobs.write("in/odd.txt", b"Heat is {nb} and **bold** and <b>strong</b> today.")
    result = ledger.result(analysed(ledger, question="heat?", sources=["in/odd.txt"]))
    assert "Heat is {nb} and **bold** and <b>strong</b> today." in pdf_of(ledger, result)
