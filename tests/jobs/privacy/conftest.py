from __future__ import annotations

import pytest

from tests.jobs.gmail.conftest import anywhere, gmail, google, world
from tests.jobs.gmail.world import World
from tests.jobs.privacy.watches import TOPIC, watched_world

__all__ = ["anywhere", "gmail", "google", "world"]


@pytest.fixture(autouse=True)
def _topic(monkeypatch) -> None:
    monkeypatch.setenv("GMAIL_TOPIC", TOPIC)


@pytest.fixture
def ann(anywhere) -> World:
    """One whose automation waits for messages, on each documents store in turn."""
    return watched_world(anywhere)


@pytest.fixture
def bea(world) -> World:
    """Likewise, on a laptop's store only."""
    return watched_world(world)
