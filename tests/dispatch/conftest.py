from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from common.dispatch.executors import Launch
from tests.dispatch.backends import BACKENDS, Backend, Cloud, Local, cloud, local


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
def run_api(tmp_path) -> Iterator[Cloud]:
    with cloud(tmp_path, timeout=20.0) as backend:
        yield backend


def launch(tasks: int = 1, *, job: str = "noop", timeout: float = 60.0) -> Launch:
    return Launch(
        job=job, execution="our-execution", tasks=tasks, timeout=timedelta(seconds=timeout)
    )
