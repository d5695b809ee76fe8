from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from common.documents import open_documents
from tests.jobs.upkeep.shop import Shop


@pytest.fixture
def shop(documents, tmp_path, time) -> Shop:
    """On each documents store in turn, at a time that the test says."""
    return Shop(time.rule(documents), tmp_path / "blobs", time)


@pytest.fixture
def sqlite_shop(tmp_path, time) -> Iterator[Shop]:
    """On SQLite, for what takes many runs and asks nothing of the store that others do not."""
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield Shop(time.rule(documents), tmp_path / "blobs", time)
    documents.close()


@pytest.fixture
def firestore_shop(firestore_url, tmp_path, time) -> Iterator[Shop]:
    """On Firestore's emulator, for what is tried on SQLite more often."""
    documents = open_documents(firestore_url)
    yield Shop(time.rule(documents), tmp_path / "blobs", time)
    documents.close()


@pytest.fixture
def small_pages(monkeypatch) -> None:
    """So that few documents are many pages and commits."""
    monkeypatch.setattr("common.maintenance.upkeep._PAGE", 4)
    monkeypatch.setattr("common.maintenance.upkeep.BATCH", 2)
    monkeypatch.setattr("common.maintenance.writing.BATCH", 2)


@pytest.fixture
def at(time):
    """Sets the server's time."""

    def set_time(year: int, month: int, day: int, hour: int = 0) -> datetime:
        time.advance(datetime(year, month, day, hour, tzinfo=time.start.tzinfo) - time.now())
        return time.now()

    return set_time
