from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dispatch.wakeups.backends import Backend, Cloud, Local, cloud, local


@pytest.fixture(params=["sqlite", "firestore", "cloud-tasks"])
def backend(request, tmp_path, time) -> Iterator[Backend]:
    """Each kind of wake-ups in turn."""
    if request.param == "cloud-tasks":
        opened = cloud(time, tmp_path)
    elif request.param == "firestore":
        opened = local(time, request.getfixturevalue("firestore_url"))
    else:
        opened = local(time, f"sqlite:///{tmp_path}/documents.sqlite3")
    with opened as backend:
        yield backend


@pytest.fixture
def laptop(tmp_path, time) -> Iterator[Local]:
    with local(time, f"sqlite:///{tmp_path}/documents.sqlite3") as backend:
        yield backend


@pytest.fixture
def tasks_api(time, tmp_path) -> Iterator[Cloud]:
    with cloud(time, tmp_path / "cloud") as backend:
        yield backend
