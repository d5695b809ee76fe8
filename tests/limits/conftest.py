"""Stores whose server time is the test's."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing

import pytest

from common.documents import Delete
from common.documents.sqlite import SqliteDocuments
from common.limits import Limiter
from tests.limits.limiting import TEN


@pytest.fixture
def store(open_store, time):
    """One on each backend in turn."""
    opened = open_store(clock=time.clock)
    opened._now = time.now
    return opened


@pytest.fixture
def sqlite(tmp_path, time):
    with closing(SqliteDocuments(tmp_path / "documents.sqlite3", clock=time.clock)) as opened:
        yield opened


@pytest.fixture
def rng():
    """Chance that is the same each time."""
    return random.Random(1).random  # noqa: S311


@pytest.fixture
def writes(sqlite):
    """How often each document of the store was written."""
    counted, commit = Counter(), sqlite._commit

    def count(writes, token):
        versions = commit(writes, token)
        counted.update((write.collection, write.id) for write in writes)
        assert not any(isinstance(write, Delete) for write in writes)
        return versions

    sqlite._commit = count
    return counted


@pytest.fixture
def container(store, time, rng):
    """Makes limiters, each as a container of its own has it."""

    def make(limits=TEN, **options):
        return Limiter(store, limits, clock=time.clock, rng=rng, **options)

    return make
