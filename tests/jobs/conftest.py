"""Ledgers whose runs are performed in the test's process, and Gemini."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.documents import open_documents
from tests.jobs.extraction.ledger import Ledger
from tests.services.gemini import Gemini


@pytest.fixture
def gemini(monkeypatch) -> Iterator[Gemini]:
    """Gemini, set up by a key."""
    with Gemini() as running:
        monkeypatch.setenv("GEMINI_API_KEY", "key-of-the-test")
        monkeypatch.setenv("GEMINI_BASE_URL", running.url)
        yield running


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    """On SQLite."""
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Ledger(documents, f"file://{tmp_path}/blobs")
    documents.close()


@pytest.fixture
def each_ledger(documents, tmp_path) -> Ledger:
    """On each documents store in turn."""
    return Ledger(documents, f"file://{tmp_path}/blobs")
