"""The whole job, on each documents store, with true films, and time that passes."""

from __future__ import annotations

import pytest

from common.runs import State
from jobs.video_generation.remote import hosted, polling, video
from tests.jobs.extraction.ledger import Ledger
from tests.jobs.providers.cases import HEYGEN, PIXVERSE
from tests.services.heygen import HeyGenApi
from tests.services.standin import GARBAGE
from tests.services.useapi import UseApi

PARAMS = {"prompt": "A cat on a bicycle", "duration": 5, "provider": "auto"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch, tmp_path) -> None:
    """Looks come soon after one another, and temporary files go with the test."""
    monkeypatch.setattr(hosted, "BASE", 0.0)
    monkeypatch.setattr(polling, "BASE", 0.01)
    monkeypatch.setattr(video, "BASE", 0.01)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def pixverse(film, monkeypatch):
    with UseApi(film) as api:
        for name, value in PIXVERSE.environment(api).items():
            monkeypatch.setenv(name, value)
        api.always = PIXVERSE.made(api.video)
        yield api
    assert api.wrong == []


@pytest.fixture
def heygen(film, monkeypatch):
    with HeyGenApi(film) as api:
        for name, value in HEYGEN.environment(api).items():
            monkeypatch.setenv(name, value)
        api.always = HEYGEN.made(api.video)
        yield api
    assert api.wrong == []


def test_the_first_has_no_credits_and_the_second_makes_the_video(
    documents, tmp_path, film, pixverse, heygen
):
    ledger = Ledger(documents, f"file://{tmp_path}/blobs")
    pixverse.on_create.append(pixverse.denied(412, "not enough credits"))
    heygen.on_look.append(HEYGEN.busy[0])
    run = ledger.perform("video-generation", PARAMS, tenant="acme")
    result = ledger.result(run)
    assert result["provider"] == "heygen"
    assert result["tried"] == [
        {
            "provider": "pixverse",
            "error": "NoCredits",
            "why": "PixVerse wants to be paid first (412: not enough credits).",
        }
    ]
    assert (result["width"], result["height"], result["duration"]) == (128, 72, 1.0)
    kept = ledger.blobs.read(ledger.blobs.path(result["video"]["uri"]))
    assert kept == film
    assert (len(pixverse.creates), len(heygen.creates)) == (1, 1)
    for secret in (PIXVERSE.secret, HEYGEN.secret):
        assert secret not in str(ledger.runs.get(run.id))


@pytest.mark.usefixtures("heygen")
def test_a_page_in_place_of_the_video_is_no_video_and_is_fetched_again(tmp_path, pixverse):
    from common.documents import open_documents

    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    ledger = Ledger(documents, f"file://{tmp_path}/blobs")
    pixverse.on_file.append(GARBAGE)
    run = ledger.perform("video-generation", PARAMS)
    assert run.state is State.PENDING
    assert run.error is None or run.error.type == "NotAVideo"
    assert run.attempts[-1].error.type == "NotAVideo"
    documents.update("runs", run.id, lambda _: {"due": documents.now()})
    assert ledger.result(ledger.attempt(run.id))["provider"] == "pixverse"
    assert len(pixverse.creates) == 1
    documents.close()
