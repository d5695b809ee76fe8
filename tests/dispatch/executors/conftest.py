from __future__ import annotations

from collections.abc import Iterator

import pytest

from common.dispatch.executors.folder import Folder
from tests.dispatch.backends import BACKENDS, Backend, Cloud, Local, cloud, local
from tests.dispatch.puppets import Puppets, stage


@pytest.fixture(params=BACKENDS)
def backend(request, tmp_path) -> Iterator[Backend]:
    """Each executor in turn."""
    with BACKENDS[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture
def laptop(tmp_path) -> Iterator[Local]:
    with local(tmp_path) as backend:
        yield backend


@pytest.fixture
def narrow(tmp_path) -> Iterator[Local]:
    """A laptop on which one task runs at a time."""
    with local(tmp_path, at_once=1) as laptop:
        yield laptop


@pytest.fixture
def run_api(tmp_path) -> Iterator[Cloud]:
    with cloud(tmp_path, timeout=20.0) as backend:
        yield backend


@pytest.fixture
def puppets() -> Iterator[Puppets]:
    with stage() as puppets:
        yield puppets


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path / "an execution")
