from __future__ import annotations

import hashlib
import os
import ssl

import pytest

from common.reading import read
from common.reading.document import Document
from tests.services.gemini import Gemini

_READ: dict[tuple[object, ...], Document] = {}


@pytest.fixture(autouse=True)
def _one_tls_context(monkeypatch) -> None:
    """Each client reads all certificates twice, which is most of what these tests would do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)


@pytest.fixture
def read_once(monkeypatch) -> None:
    """What was read of a document is remembered: reading it is not what is tried here."""
    monkeypatch.setattr("common.reading.read", _remembered)


def _remembered(file, *, name, limits, check) -> Document:
    key = hashlib.sha256(file.read_bytes()).hexdigest(), name, limits
    if key not in _READ:
        _READ[key] = read(file, name=name, limits=limits, check=check)
    return _READ[key]


@pytest.fixture
def vertex(gemini, monkeypatch) -> Gemini:
    """Gemini on Vertex AI."""
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    return gemini


@pytest.fixture(autouse=True)
def _temporary(tmp_path, monkeypatch) -> None:
    """Temporary files go with the test, and nothing of the machine's own settings comes in."""
    for name in [*os.environ]:
        if name.startswith(("GEMINI_", "GOOGLE_", "EXTRACTION_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
