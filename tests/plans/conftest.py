from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from common.blobs import open_blobs
from common.documents import Documents
from common.plans import Day, Planner, Said
from common.runs import Run, Runs, State, Worker
from tests.time import FakeTime

JOB = "video-generation"
DAY = date(2026, 11, 22)
"""Of the tests' time, which is noon in UTC."""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORKER = Worker(name="w")
BOTH = pytest.mark.parametrize("documents_url", ["sqlite", "firestore"], indirect=True)
"""For tests that are about the stores, too."""


def topics(count: int, word: str = "topic") -> list[dict[str, str]]:
    return [{"prompt": f"{word} {number}"} for number in range(count)]


def said(count: int = 500, word: str = "topic", **more) -> Said:
    """96 a day, four an hour, unless something else is said."""
    spread = {"per_day": 96, "per_hour": 4, "start": "00:00"}
    return Said(job=JOB, topics=topics(count, word), **(spread | more))


def prompts(runs: list[Run]) -> list[str]:
    return [json.loads(run.params)["prompt"] for run in sorted(runs, key=lambda run: run.due)]


def waiting(documents: Documents, day: Day) -> list[Run]:
    """Those that have not started, in order."""
    found = Runs(documents).list({"batch": day.batch})
    return sorted((run for run in found if run.state is State.PENDING), key=lambda run: run.due)


def steps(dues: list[datetime]) -> set[timedelta]:
    """How far apart they are."""
    return {later - earlier for earlier, later in pairwise(dues)}


def begin(documents: Documents, runs: list[Run]) -> None:
    for run in runs:
        Runs(documents).claim(run.id, WORKER)


@pytest.fixture
def documents_url(request, tmp_path) -> str:
    """SQLite, unless a test is for both stores: what is planned is the same on either."""
    if getattr(request, "param", "sqlite") == "firestore":
        return request.getfixturevalue("firestore_url")
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def documents(open_store, time: FakeTime) -> Documents:
    """A store that tells the tests' time."""
    return time.rule(open_store())


@pytest.fixture
def new_planner(tmp_path) -> Callable[[Documents], Planner]:
    return lambda documents: Planner(documents, lambda: open_blobs(f"file://{tmp_path}/blobs"))


@pytest.fixture
def planner(documents, new_planner) -> Planner:
    return new_planner(documents)
