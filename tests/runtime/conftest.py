"""Fixtures for the runtime's tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.runtime.tasks import PLUGIN, Tasks


@pytest.fixture
def tasks(tmp_path) -> Iterator[Tasks]:
    tasks = Tasks(tmp_path)
    yield tasks
    tasks.close()


@pytest.fixture
def trials(monkeypatch):
    """The trial jobs, importable and installed."""
    monkeypatch.syspath_prepend(str(PLUGIN))
    import trials

    return trials


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """What a test configures of logging is undone."""
    root, ours = logging.getLogger(), logging.getLogger("runjobs")
    before = root.handlers[:], root.level, ours.level
    root.handlers = []
    yield
    logging.captureWarnings(capture=False)
    root.handlers, root.level = before[0], before[1]
    ours.setLevel(before[2])
