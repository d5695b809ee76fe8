from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dispatch.each import opened
from tests.dispatch.laptop import together
from tests.dispatch.schedules.backends import HOURLY, Backend, Cloud, cloud, local
from tests.dispatch.schedules.laptop import Laptop


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
def laptops(tmp_path, time) -> Iterator[Callable[..., Laptop]]:
    with together(Laptop, tmp_path, time) as make:
        yield make


@pytest.fixture
def laptop(laptops) -> Laptop:
    return laptops(tidy=HOURLY)


@pytest.fixture
def scheduler_api(time, tmp_path) -> Iterator[Cloud]:
    with cloud(time, tmp_path) as backend:
        yield backend
