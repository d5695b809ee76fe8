from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dispatch.each import opened
from tests.dispatch.schedules.backends import Backend, Cloud, Local, cloud, local


@pytest.fixture(autouse=True)
def _jobs(monkeypatch) -> None:
    """Some jobs that have schedules are installed."""
    monkeypatch.syspath_prepend(str(Path(__file__).with_name("plugin")))


@pytest.fixture(params=["sqlite", "firestore", "cloud-scheduler"])
def backend(request, tmp_path, time) -> Iterator[Backend]:
    """Each kind of schedules in turn."""
    with opened(request, time, tmp_path, local=local, cloud=cloud) as backend:
        yield backend


@pytest.fixture
def laptop(tmp_path, time) -> Iterator[Local]:
    with local(time, f"sqlite:///{tmp_path}/documents.sqlite3") as backend:
        yield backend


@pytest.fixture
def scheduler_api(time, tmp_path) -> Iterator[Cloud]:
    with cloud(time, tmp_path) as backend:
        yield backend
