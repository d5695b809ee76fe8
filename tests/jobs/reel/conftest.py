from __future__ import annotations

from pathlib import Path

import pytest

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
def ledger(ledger, tmp_path, monkeypatch) -> Ledger:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return ledger


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
