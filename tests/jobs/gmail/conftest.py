from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.jobs.gmail.notices import ready
from tests.jobs.gmail.world import KEY, World
from tests.services import pubsub
from tests.services.google import Google
from tests.services.google.gmail import Gmail


@pytest.fixture
def gmail() -> Gmail:
    return Gmail()


@pytest.fixture
def google(gmail, monkeypatch) -> Iterator[Google]:
    with Google(gmail) as google:
        for name, value in google.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ENCRYPTION_KEY", KEY)
        yield google


@pytest.fixture
def world(tmp_path, google, gmail) -> Iterator[World]:
    """On a laptop's store."""
    made = World(tmp_path, f"sqlite:///{tmp_path}/documents.sqlite3", google, gmail)
    yield made
    made.close()


@pytest.fixture
def anywhere(tmp_path, documents_url, google, gmail) -> Iterator[World]:
    """On each documents store in turn."""
    made = World(tmp_path, documents_url, google, gmail)
    yield made
    made.close()


@pytest.fixture
def ann(anywhere) -> World:
    """One who has connected her account and made an automation for what has files."""
    return ready(anywhere)


@pytest.fixture
def bea(world) -> World:
    """Likewise, on a laptop's store only."""
    return ready(world)


@pytest.fixture(scope="session")
def pubsub_host() -> Iterator[str]:
    with pubsub.emulator() as host:
        yield host
