"""Documents from the web: fetched through the one guarded client, or refused."""

from __future__ import annotations

from functools import partial

import pytest

import common.fetch
from common.fetch import Guard
from common.reading import source
from common.runs import State
from tests.fetch.peer import Peer, answering
from tests.jobs.extraction.papers import invoice

PARAMS = {"schema": [{"name": "number", "labels": ["Invoice Number"]}], "provider": "local"}


@pytest.fixture
def peer(monkeypatch):
    """A server that counts as public here."""
    with Peer() as peer:
        guard = Guard(
            schemes=frozenset({"http", "https"}),
            ports=frozenset({peer.port}),
            allows=lambda address: address == "127.0.0.1",
            resolve=lambda _host, _port: ["127.0.0.1"],
        )
        monkeypatch.setattr(common.fetch, "fetch", partial(common.fetch.fetch, guard=guard))
        yield peer


@pytest.fixture
def extract(ledger, peer):
    def extract(path: str):
        url = f"http://files.example:{peer.port}/{path}"
        return ledger.perform("extraction", {"source": url, **PARAMS})

    return extract


def test_a_document_from_the_web_is_read_and_its_signature_forgotten(ledger, extract, peer):
    peer.talk = answering(invoice(), Content_Type="application/pdf")
    result = ledger.result(extract("bills/march%201.pdf?signature=canary"))
    assert result["values"]["number"] == "INV-2026-001"
    assert result["name"] == "march 1.pdf"
    assert result["source"].endswith("/bills/march%201.pdf")
    assert "canary" not in str(result)


def test_a_server_that_is_busy_is_asked_again_when_it_said(ledger, extract, peer):
    peer.talk = answering(status="503 Busy", Retry_After="300")
    run = extract("a.pdf")
    assert run.state is State.PENDING
    assert (run.due - ledger.documents.now()).total_seconds() > 290


def test_what_is_not_there_is_a_dead_letter(extract, peer):
    peer.talk = answering(status="404 Not Found")
    run = extract("a.pdf")
    assert (run.state, run.error.type) == (State.FAILED, "NotFetched")


def test_what_is_too_large_is_not_fetched_to_its_end(extract, peer, monkeypatch, tmp_path):
    monkeypatch.setattr(source, "MOST", 1_000)
    peer.talk = answering(b"x" * 5_000)
    run = extract("a.txt")
    assert (run.state, run.error.type) == (State.FAILED, "TooLarge")
    assert not list(tmp_path.glob("runjobs-*/*/*"))
