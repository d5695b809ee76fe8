from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.documents import open_documents
from tests.jobs.extraction.ledger import Ledger
from tests.jobs.reel.clips import make


@pytest.fixture(scope="session")
def clips(request, tmp_path_factory) -> Path:
    """A folder of small clips, for all tests."""
    request.getfixturevalue("ffmpeg")
    folder = tmp_path_factory.mktemp("clips")
    make(folder)
    return folder


@pytest.fixture
def ledger(tmp_path, monkeypatch) -> Iterator[Ledger]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Ledger(documents, f"file://{tmp_path}/blobs")
    documents.close()


@pytest.fixture
def stitch(ledger, clips):
    """Makes a reel of clips by their names; gives its result, with the file of it."""

    def run(*names: str, **params) -> tuple[dict, Path]:
        asked = {"clips": [str(clips / name) for name in names], **params}
        run = ledger.perform("reel-stitching", asked)
        assert run.result, run.attempts[-1].error
        result = ledger.result(run)
        return result, Path(result["video"]["uri"].removeprefix("file://"))

    return run
