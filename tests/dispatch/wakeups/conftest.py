from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dispatch.each import opened
from tests.dispatch.wakeups.backends import Backend, Cloud, Local, cloud, local


@pytest.fixture(params=["sqlite", "firestore", "cloud-tasks"])
def backend(request, tmp_path, time) -> Iterator[Backend]:
    """Each kind of wake-ups in turn."""
    with opened(request, time, tmp_path, local=local, cloud=cloud) as backend:
        yield backend


@pytest.fixture
def laptop(tmp_path, time) -> Iterator[Local]:
    with local(time, f"sqlite:///{tmp_path}/documents.sqlite3") as backend:
        yield backend


@pytest.fixture
def tasks_api(time, tmp_path) -> Iterator[Cloud]:
    with cloud(time, tmp_path / "cloud") as backend:
        yield backend
