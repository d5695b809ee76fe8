"""Cloud Scheduler over a store, whose time and whose network are the test's."""

from __future__ import annotations

import math
from typing import Any

import pytest

from common.localcloud.rpc import Call
from common.localcloud.scheduler.engine import Engine
from common.localcloud.scheduler.firing import AGENDA
from common.localcloud.scheduler.jobs import Jobs
from common.localcloud.store import Store
from tests.localcloud.target import URL, Target

LOCATION = "projects/p/locations/us-central1"
JOB = f"{LOCATION}/jobs/j"


class World:
    """Jobs, asked as over HTTP, and an engine for each process that there shall be."""

    def __init__(self, open_store, time) -> None:
        self._open_store = open_store
        self.time = time
        self.target = Target()
        self.engine, self.store = self.process(self.target)
        self.jobs = Jobs(self.store, lambda: None)

    def process(self, target: Target) -> tuple[Engine, Store]:
        """Another one that serves."""
        store = Store(self.time.rule(self._open_store()))
        return Engine(store, target.calls(store, self.time)), store

    def create(self, **fields: Any) -> dict:
        job = {"name": JOB, "schedule": "*/10 * * * *", "httpTarget": {"uri": URL}, **fields}
        return self.jobs.create(Call(fields={"parent": LOCATION, "job": job}))

    def ask(self, verb, **fields: Any) -> dict:
        return verb(Call(fields={"name": JOB, **fields}))

    def update(self, mask: str = "", **fields: Any) -> dict:
        said = {"job": {"name": JOB, **fields}} | ({"updateMask": mask} if mask else {})
        return self.jobs.update(Call(fields=said))

    def turns(self, seconds: float, *engines: Engine) -> None:
        """Let so much time pass, and the engines do what is due as it comes due."""
        end = self.time.elapsed + seconds
        while True:
            pause = min(engine.turn() for engine in engines or (self.engine,))
            left = end - self.time.elapsed
            if pause > left:
                self.time.advance(max(0.0, left))
                return
            self.time.advance(max(pause, min(left, self._quiet()), 1e-6))

    def _quiet(self) -> float:
        """Seconds in which there is nothing to do but to look, so that a test need not."""
        first = self.store.next(AGENDA)
        quiet = (first - self.time.now()).total_seconds() if first else math.inf
        return min(quiet, 9) if self.target.held else quiet


@pytest.fixture
def world(open_store, time) -> World:
    return World(open_store, time)
