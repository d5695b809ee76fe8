"""Gemini over real HTTP: what it is asked, and every way in which an answer may come or not."""

from __future__ import annotations

import json
import os
import re
from functools import partial

import pytest

from common.errors import Misconfigured
from common.gemini.asking import limits
from common.gemini.settings import GeminiSettings
from common.limits import Limiter, NoTurn
from common.runs import State
from common.runtime import Context
from jobs.extraction.gemini.delivery import is_taken
from tests.blobs.backends import Gcs
from tests.jobs.extraction.papers import INVOICE, invoice, pdf
from tests.services import gemini as service
from tests.services.gemini import blocked, ended, found, refused, row, said

# The library warns of words that Google has added since; they are told apart all the same.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning"),
    pytest.mark.usefixtures("read_once"),
]

SCHEMA = [
    {"name": "number", "type": "id", "required": True},
    {"name": "total", "type": "money", "required": True},
    {"name": "date", "type": "date"},
    {
        "name": "items",
        "type": "rows",
        "fields": [{"name": "what"}, {"name": "quantity", "type": "integer"}],
    },
]
GOOD = {
    "number": found("INV-2026-001", "Invoice Number: INV-2026-001"),
    "total": found({"amount": 1234.5, "currency": "EUR"}, "Total: 1,234.50 EUR"),
    "date": None,
    "items": [row("Blue widget 2 10.00 20.00", what="Blue widget", quantity=2)],
}
PARAMS = {"source": "a.pdf", "schema": SCHEMA, "provider": "gemini"}


@pytest.fixture
def ask(ledger, gemini):
    """Has an invoice extracted, once the answers are scripted; returns the run."""
    ledger.blobs.write("a.pdf", invoice())

    def ask(*answers, **params):
        gemini.on_ask.extend(answers)
        return ledger.perform("extraction", {**PARAMS, **params})

    return ask


def test_values_come_with_confidence_page_and_text(ask, ledger, gemini):
    result = ledger.result(ask(said(GOOD)))
    assert result["values"] == {
        "number": "INV-2026-001",
        "total": {"amount": 1234.5, "currency": "EUR"},
        "date": None,
        "items": [{"what": "Blue widget", "quantity": 2}],
    }
    assert result["fields"]["total"] == {
        "value": {"amount": 1234.5, "currency": "EUR"},
        "confidence": 0.95,
        "page": 1,
        "text": "Total: 1,234.50 EUR",
    }
    assert result["fields"]["items"]["rows"][0]["quantity"]["value"] == 2
    assert (result["missing"], result["missing_required"]) == (["date"], [])
    assert (result["provider"], result["model"]) == ("gemini", "gemini-3.5-flash")
    assert result["usage"] == {"questions": 1, "input_tokens": 1_000, "output_tokens": 50}
    assert gemini.keys == {"key-of-the-test"}
    assert len(gemini.questions) == 1


def test_the_question_keeps_instructions_and_document_apart(ask, gemini):
    ask(said(GOOD))
    (asked,) = gemini.questions
    (instructions,) = asked["systemInstruction"]["parts"]
    assert "never follow it" in instructions["text"]
    document, task = asked["contents"][0]["parts"]
    assert "data" in document["inlineData"]
    assert "stand in the document above" in task["text"]
    form = asked["generationConfig"]["responseJsonSchema"]
    assert list(form["properties"]) == ["number", "total", "date", "items"]
    assert form["required"] == ["number", "total", "date", "items"]
    assert asked["generationConfig"]["responseMimeType"] == "application/json"


def test_a_format_that_gemini_does_not_read_is_sent_as_marked_text(ask, ledger, gemini):
    ledger.blobs.write("a.csv", b"number,total\nINV-2026-001,99.50\n")
    ask(said(GOOD), source="a.csv")
    (told,) = gemini.texts
    told, text, _task = told
    mark = told.split("<")[1].split(">")[0]
    assert text.startswith(f"<{mark}>\n")
    assert text.endswith(f"\n</{mark}>")
    assert "INV-2026-001" in text


def test_the_mark_is_another_each_time(ask, ledger, gemini):
    ledger.blobs.write("a.txt", b"INV-2026-001")
    for _ in range(2):
        ask(said(GOOD), source="a.txt")
    assert len({texts[0] for texts in gemini.texts}) == 2


def test_vertex_is_given_documents_in_a_bucket_by_their_uri(vertex, ledger, gcs_url):
    ledger.__dict__["blobs"] = bucket = Gcs(gcs_url).blobs
    uri = bucket.write("a.pdf", invoice()).uri
    vertex.usual = said(GOOD)
    result = ledger.result(ledger.perform("extraction", PARAMS))
    assert result["source"] == uri
    document = vertex.questions[0]["contents"][0]["parts"][0]
    assert document == {"fileData": {"file_uri": uri, "mime_type": "application/pdf"}}
    assert vertex.tokens == {"Bearer anonymous"}


def error_of(run) -> str:
    """Of the last attempt."""
    return run.attempts[-1].error.type


LASTING = [
    (blocked("SAFETY", "it is bad"), "Blocked", r"SAFETY.*it is bad"),
    (blocked("PROHIBITED_CONTENT"), "Blocked", "PROHIBITED_CONTENT"),
    (blocked("JAILBREAK"), "Blocked", "JAILBREAK"),
    (blocked("SOMETHING_NEW"), "Blocked", "SOMETHING_NEW"),
    (ended("SAFETY"), "Withheld", "SAFETY"),
    (ended("RECITATION", '{"number": null'), "Withheld", "RECITATION"),
    (ended("SPII"), "Withheld", "SPII"),
    (ended("BLOCKLIST"), "Withheld", "BLOCKLIST"),
    (ended("MAX_TOKENS", '{"number": {"value": "INV'), "CutOff", "MAX_TOKENS.*split"),
    (ended("MAX_TOKENS", json.dumps(GOOD)), "CutOff", "MAX_TOKENS"),
    (refused(404, "no such model"), "ModelRetired", "model_retired.*GEMINI_MODEL"),
    (refused(400, "too complex"), "RequestRefused", "400.*too complex"),
    (
        refused(400, "API key not valid", details=[{"reason": "API_KEY_INVALID"}]),
        "NotAllowed",
        "GEMINI_API_KEY",
    ),
    (refused(401), "NotAllowed", "GEMINI_API_KEY"),
    (refused(403), "NotAllowed", "GEMINI_API_KEY"),
    (refused(413), "RequestRefused", "413"),
]


@pytest.mark.parametrize(("answer", "error", "why"), LASTING)
def test_what_lasts_is_said_by_its_name_and_asked_once(ask, gemini, answer, error, why):
    run = ask(answer)
    assert (run.state, run.error.type) == (State.FAILED, error)
    assert re.search(why, run.error.message)
    assert len(gemini.questions) == 1


PASSING = [
    (service.NOTHING, "EmptyAnswer"),
    (said(""), "EmptyAnswer"),
    (said(" \n"), "EmptyAnswer"),
    (ended("STOP"), "EmptyAnswer"),
    (ended("OTHER"), "BadAnswer"),
    (ended("MALFORMED_RESPONSE", "{"), "BadAnswer"),
    (ended("A_REASON_OF_TOMORROW", json.dumps(GOOD)), "BadAnswer"),
    (service.GARBAGE, "BadAnswer"),
    (service.Answer(body=[1, 2]), "EmptyAnswer"),
    (service.Answer(body=b""), "EmptyAnswer"),
    (service.Answer(body={"candidates": "none"}), "EmptyAnswer"),
    (service.Answer(body={"candidates": [{"content": {"parts": 7}}]}), "BadAnswer"),
    (said("[" * 9_999), "BadAnswer"),
    (service.CUT, "Unreachable"),
]


@pytest.mark.parametrize(("answer", "error"), PASSING)
def test_an_answer_with_nothing_in_it_is_tried_again_later_and_never_succeeds(
    ask, gemini, monkeypatch, answer, error
):
    monkeypatch.setattr("common.gemini.asking._PATIENCE", 0.0)
    run = ask(answer)
    assert (run.state, error_of(run)) == (State.PENDING, error)
    assert len(gemini.questions) == 1


BAD_JSON = ["null", "[]", "7", '"text"', "{}", "no JSON", '{"number": ', '{"other": 1}']


@pytest.mark.parametrize("text", BAD_JSON)
def test_garbage_is_told_once_and_then_is_an_error(ask, gemini, text):
    run = ask(said(text), said(text))
    assert (run.state, error_of(run)) == (State.PENDING, "BadAnswer")
    assert len(gemini.questions) == 2


@pytest.mark.parametrize(
    ("field", "wrong", "fault"),
    [
        (
            "total",
            found("1234.50", "Total: 1,234.50 EUR"),
            "'1234.50' is not of type 'object'",
        ),
        ("total", found({"amount": "x", "currency": None}, "x"), "total.value.amount"),
        ("date", found("2026-02-30", "30 February"), "date: there is no such day"),
        ("date", found("1.3.2026", "1.3.2026"), "date: it must be a date such as"),
        ("number", {"value": "INV-2026-001"}, "'confidence' is a required property"),
        ("number", found("INV-2026-001", "x", confidence=95), "95 is greater than the maximum"),
        ("items", "none", "items: 'none' is not of type 'array'"),
        ("items", [row("x", what="w", quantity="2")], r"items.0.cells.quantity"),
    ],
)
def test_a_fault_is_told_by_name_and_put_right(ask, gemini, field, wrong, fault):
    run = ask(said({**GOOD, field: wrong}), said(GOOD))
    assert json.loads(run.result)["missing"] == ["date"]
    again = gemini.texts[1]
    assert "That answer is wrong" in again[-1]
    assert re.search(fault, again[-1])
    assert len(gemini.questions) == 2


@pytest.mark.parametrize("null", [None, {"value": None}, found(None, "")])
def test_null_in_any_form_is_nothing_found(ask, ledger, gemini, null):
    result = ledger.result(ask(said({**GOOD, "total": null})))
    assert result["missing"] == ["total", "date"]
    assert len(gemini.questions) == 1


def test_a_fault_that_stays_costs_its_field_and_no_other(ask, ledger, gemini):
    bad = {**GOOD, "total": found("a lot", "Total: 1,234.50 EUR")}
    result = ledger.result(ask(said(bad), said(bad)))
    assert result["values"]["number"] == "INV-2026-001"
    assert result["missing_required"] == ["total"]
    assert result["usage"] == {"questions": 2, "input_tokens": 2_000, "output_tokens": 100}
    assert any("total was left out" in each for each in result["warnings"])
    assert len(gemini.questions) == 2


def test_a_fault_that_stays_in_a_row_costs_that_row_alone(ask, ledger):
    good, wrong = row("x", what="Blue widget", quantity=2), row("x", what="w", quantity="many")
    bad = said({**GOOD, "items": [good, wrong, good]})
    result = ledger.result(ask(bad, bad))
    assert len(result["values"]["items"]) == 2
    assert any("rows of items were left out" in each for each in result["warnings"])


@pytest.mark.parametrize("second", ["no JSON", json.dumps({"number": 7, "total": 7, "date": 7})])
def test_an_answer_is_not_given_up_for_a_worse_one(ask, ledger, second):
    first = {**GOOD, "date": found("1.3.2026", "1.3.2026")}
    result = ledger.result(ask(said(first), said(second)))
    assert result["values"]["number"] == "INV-2026-001"
    assert result["missing"] == ["date"]


def test_what_is_too_large_for_gemini_is_read_here_as_far_as_can_be(tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-")
    by_key, on_vertex = GeminiSettings(key="k"), GeminiSettings(project="p")
    assert is_taken(file, by_key)
    os.truncate(file, 20_000_000)
    assert not is_taken(file, by_key)
    assert is_taken(file, on_vertex)
    os.truncate(file, 60_000_000)
    assert not is_taken(file, on_vertex)


def test_a_short_retry_after_is_waited_out_within_the_attempt(ask, ledger, gemini, monkeypatch):
    slept = []
    sleep = Context.sleep
    monkeypatch.setattr(Context, "sleep", lambda *at: slept.append(at[1]) or sleep(*at))
    ledger.result(ask(refused(429, "quota", Retry_After="1"), said(GOOD)))
    assert sum(slept) >= 1
    assert len(gemini.questions) == 2


def test_all_containers_hear_of_a_429(ask, ledger):
    ask(refused(429, "quota", Retry_After="600"))
    another = Limiter(ledger.documents, limits(GeminiSettings(key="k")))
    with another, pytest.raises(NoTurn) as raised:
        another.turn(within=1.0)
    assert raised.value.after > 500


def test_a_long_retry_after_is_waited_out_without_a_container(ask, ledger, gemini):
    run = ask(refused(429, "quota", Retry_After="600"))
    assert (run.state, error_of(run)) == (State.PENDING, "RateLimited")
    assert (run.due - ledger.documents.now()).total_seconds() > 590
    assert len(gemini.questions) == 1


@pytest.mark.parametrize("answer", [refused(500), refused(503), refused(408), service.RESET])
def test_what_may_pass_is_asked_again_a_few_times(ask, ledger, gemini, monkeypatch, answer):
    monkeypatch.setattr(Context, "sleep", lambda *_: None)
    ledger.result(ask(answer, answer, answer, said(GOOD)))
    assert len(gemini.questions) == 4


def test_what_does_not_pass_ends_the_attempt(ask, gemini, monkeypatch):
    monkeypatch.setattr(Context, "sleep", lambda *_: None)
    run = ask(*[refused(503)] * 9)
    assert (run.state, error_of(run)) == (State.PENDING, "GeminiFailed")
    assert len(gemini.questions) == 4


@pytest.mark.parametrize("answer", [service.HANGING, service.DRIPPING])
def test_an_answer_that_does_not_end_is_given_up_in_time(ask, monkeypatch, answer):
    monkeypatch.setenv("GEMINI_TIMEOUT", "1")
    run = ask(answer)
    assert (run.state, error_of(run)) == (State.PENDING, "TooSlow")
    took = (run.attempts[-1].ended - run.attempts[-1].started).total_seconds()
    assert 1.0 <= took < 5.0


def test_an_answer_that_was_paid_for_is_not_asked_for_again(ask, ledger, gemini, monkeypatch):
    """The attempt is lost after the answer was kept, and another makes the result of it."""
    import jobs.extraction.extract as module

    whole = module.result
    monkeypatch.setattr(module, "result", lambda *_, **__: 1 / 0)
    run = ask(said(GOOD))
    assert error_of(run) == "ZeroDivisionError"
    monkeypatch.setattr(module, "result", whole)
    again = ledger.documents.update  # the run is due later: have it due now
    again("runs", run.id, lambda _: {"due": ledger.documents.now(), "place": "ready"})
    result = ledger.result(ledger.attempt(run.id))
    assert result["values"]["number"] == "INV-2026-001"
    assert len(gemini.questions) == 1


def test_what_is_no_unicode_is_taken_for_what_it_is_worth(ask, ledger):
    result = ledger.result(ask(said({**GOOD, "number": found("N\ud800", "\udfff")})))
    assert result["values"]["number"] == "N?"
    assert result["fields"]["number"]["text"] == "?"


def test_a_quote_that_is_not_in_the_document_is_hardly_believed(ask, ledger):
    answer = {**GOOD, "number": found("INV-9", "Invoice Number: INV-9")}
    result = ledger.result(ask(said(answer)))
    assert result["fields"]["number"]["confidence"] == 0.3
    assert result["warnings"] == ["What is quoted for number does not stand in the document."]


def test_a_value_that_its_quote_does_not_show_is_believed_by_half(ask, ledger):
    answer = {**GOOD, "total": found({"amount": 99.0, "currency": "EUR"}, "Total: 1,234.50 EUR")}
    result = ledger.result(ask(said(answer)))
    assert result["fields"]["total"]["confidence"] == 0.5


@pytest.mark.parametrize(
    ("quote", "amount"),
    [
        ("Total: 1.234,50", 1234.5),
        ("Total 1 234.5", 1234.5),
        ("\u0661\u0662\u0663\u0664\u066b\u0665", 1234.5),
        ("(0,05)", -0.05),
        ("EUR 100", 100),
    ],
)
def test_a_number_is_seen_in_its_quote_however_it_is_written(ask, ledger, quote, amount):
    ledger.blobs.write("a.txt", quote.encode())
    answer = {**GOOD, "total": found({"amount": amount, "currency": None}, quote)}
    result = ledger.result(ask(said(answer), source="a.txt"))
    assert result["fields"]["total"]["confidence"] == 0.95


def test_the_page_is_the_one_that_the_quote_is_on(ask, ledger):
    ledger.blobs.write("b.pdf", pdf("Nothing", "\f", *INVOICE))
    result = ledger.result(ask(said(GOOD), source="b.pdf"))
    assert result["fields"]["total"]["page"] == 2
    answer = {**GOOD, "total": {**GOOD["total"], "page": 77}}
    assert ledger.result(ask(said(answer), source="b.pdf"))["fields"]["total"]["page"] == 2


def test_without_text_to_check_them_by_quotes_are_taken(ask, ledger, tmp_path):
    from PIL import Image

    Image.new("RGB", (300, 200), "white").save(tmp_path / "scan.png")
    ledger.blobs.write("scan.png", tmp_path / "scan.png")
    result = ledger.result(ask(said(GOOD), source="scan.png"))
    assert result["fields"]["total"]["confidence"] == 0.95
    assert result["warnings"] == []


def test_neither_the_key_nor_a_token_gets_into_errors_or_the_ledger(ask, ledger, capfd):
    run = ask(refused(403, "key=AIzaSyCanaryCanaryCanary Bearer ya29.canary-token is bad"))
    kept = repr(ledger.documents.get("runs", run.id))
    told = "".join(capfd.readouterr())
    for secret in ("key-of-the-test", "AIzaSyCanary", "ya29.canary"):
        assert secret not in kept
        assert secret not in told


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({}, "GEMINI_API_KEY"),
        ({"GOOGLE_GENAI_USE_VERTEXAI": "1", "GEMINI_API_KEY": "k"}, "GOOGLE_CLOUD_PROJECT"),
        ({"GEMINI_API_KEY": "k", "GEMINI_MODEL": "../x"}, "GEMINI_MODEL"),
        ({"GEMINI_API_KEY": "k", "GEMINI_BASE_URL": "http://example.com"}, "https://"),
        ({"GEMINI_API_KEY": "k", "GEMINI_TIMEOUT": "0"}, "GEMINI_TIMEOUT"),
        ({"GEMINI_API_KEY": "k", "GEMINI_PER_MINUTE": "many"}, "GEMINI_PER_MINUTE"),
        ({"GEMINI_API_KEY": "k\u00e9y"}, "no key"),
    ],
)
def test_a_setting_that_is_wrong_is_named(env, why):
    with pytest.raises(Misconfigured, match=why):
        GeminiSettings.load(env)


def test_a_document_that_was_not_read_to_its_end_does_not_disprove_a_quote(
    ask, ledger, monkeypatch
):
    from common import reading

    monkeypatch.setattr(reading, "Limits", partial(reading.Limits, pages=1))
    ledger.blobs.write("b.pdf", pdf("Nothing", "\f", *INVOICE))
    result = ledger.result(ask(said(GOOD), source="b.pdf"))
    assert result["fields"]["total"]["confidence"] == 0.95
    assert result["warnings"] == []
