"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import pytest

from common.documents import Documents, open_documents
from common.runs import Batches, Runs
from tests.services import firestore, gcs
from tests.services.missing import missing
from tests.time import FakeTime

Opener = Callable[..., Documents]


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture(scope="session")
def firestore_host() -> Iterator[str]:
    with firestore.emulator() as host:
        yield host


@pytest.fixture(scope="session")
def ffmpeg() -> None:
    if find_spec("imageio_ffmpeg") is None:
        missing("imageio-ffmpeg", "pip install 'runjobs[media]'")


@pytest.fixture(scope="session")
def gcs_url() -> Iterator[str]:
    with gcs.emulator() as url:
        yield url


@pytest.fixture(params=["sqlite", "firestore"])
def documents_url(request, tmp_path) -> str:
    """Where an empty store is, on each backend in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/documents.sqlite3"
    return request.getfixturevalue("firestore_url")


@pytest.fixture
def firestore_url(firestore_host, monkeypatch) -> str:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_host)
    return f"firestore://test-{uuid.uuid4().hex[:20]}/(default)"


@pytest.fixture
def open_store(documents_url) -> Iterator[Opener]:
    """Opens the store, as often as asked: each opening stands for a process of its own."""
    opened: list[Documents] = []

    def open_one(**options) -> Documents:
        opened.append(open_documents(documents_url, **options))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def documents(open_store) -> Documents:
    return open_store()


@pytest.fixture
def runs(documents, time) -> Runs:
    """The ledger, on each backend in turn, by the test's time."""
    return Runs(time.rule(documents))


@pytest.fixture
def batches(runs) -> Batches:
    return Batches(runs)
