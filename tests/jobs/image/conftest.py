from __future__ import annotations

import os
import ssl
from collections.abc import Iterator

import pytest

from common.documents import open_documents
from tests.jobs.extraction.ledger import Ledger
from tests.services.gemini import Gemini


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch) -> None:
    """Temporary files go with the test, and nothing of the machine's own settings comes in."""
    for name in [*os.environ]:
        if name.startswith(("GEMINI_", "GOOGLE_", "IMAGE_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # Each client reads all certificates, which is most of what these tests would do.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)


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
