from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.services.missing import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

if find_spec("isal") is None:
    missing("isal", "pip install 'runjobs[zip]'")

from tests.jobs.zip_unpack.world import World  # it imports the job, and so isal


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    """One for all tests of a file: each run has places of its own."""
    found = World(tmp_path_factory.mktemp("world"))
    yield found
    found.close()
