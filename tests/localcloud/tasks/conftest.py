"""Cloud Tasks over a store, whose time and whose network are the test's."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

import pytest

from common.localcloud.policies import Policies
from common.localcloud.rpc import Call
from common.localcloud.store import Store
from common.localcloud.tasks.agendas import forced, held, waiting
from common.localcloud.tasks.engine import Engine
from common.localcloud.tasks.names import Names
from common.localcloud.tasks.queues import Queues
from common.localcloud.tasks.tasks import Tasks
from tests.localcloud.target import URL, Target
from tests.time import FakeTime

LOCATION = "projects/p/locations/us-central1"
QUEUE = f"{LOCATION}/queues/q"


class World:
    """Queues and tasks, asked as over HTTP, and an engine for each process that there shall be."""

    def __init__(self, open_store: Callable[[], Any], time: FakeTime) -> None:
        self._open_store = open_store
        self.time = time
        self.target = Target()
        self.engine, self.store = self.process()
        names = Names(self.store)
        self.queues = Queues(self.store, names, Policies(self.store))
        self.tasks = Tasks(self.store, names, lambda: None)

    def process(self, target: Target | None = None) -> tuple[Engine, Store]:
        """Another one that serves."""
        documents = self.time.rule(self._open_store())
        documents.pace = 0.0
        store = Store(documents)
        calls = (target or self.target).calls(store, self.time)
        return Engine(store, Names(store), calls, monotonic=self.time.monotonic), store

    def queue(self, **fields: Any) -> dict:
        queue = {"name": QUEUE, **fields}
        return self.queues.create(Call(fields={"parent": LOCATION, "queue": queue}))

    def task(self, id: str = "", **fields: Any) -> dict:
        body = base64.b64encode(b"hello").decode()
        request = {"url": URL, "body": body, **fields.pop("httpRequest", {})}
        task = {"httpRequest": request, **fields} | ({"name": f"{QUEUE}/tasks/{id}"} if id else {})
        return self.tasks.create(Call(fields={"parent": QUEUE, "task": task}))

    def get(self, id: str) -> dict:
        return self.tasks.get(Call(fields={"name": f"{QUEUE}/tasks/{id}"}))

    def run(self, id: str) -> dict:
        return self.tasks.run(Call(fields={"name": f"{QUEUE}/tasks/{id}"}))

    def ids(self) -> set[str]:
        tasks = self.tasks.list(Call(fields={"parent": QUEUE}))["tasks"]
        return {task["name"].rpartition("/")[2] for task in tasks}

    def delivered(self) -> list[str]:
        """The ids of the tasks that the target was sent."""
        return [out.headers["X-CloudTasks-TaskName"] for out in self.target.sent]

    def turns(self, seconds: float, engine: Engine | None = None) -> None:
        """Let so much time pass, and the engine do what is due as it comes due."""
        end = self.time.elapsed + seconds
        while True:
            pause = (engine or self.engine).turn()
            left = end - self.time.elapsed
            if pause > left:
                self.time.advance(max(0.0, left))
                return
            self.time.advance(max(pause, min(left, self._quiet()), 1e-6))

    def _quiet(self) -> float:
        """Seconds in which there is nothing to do but to look, so that a test need not."""
        due = [self.store.next(agenda(QUEUE)) for agenda in (waiting, held, forced)]
        first = min((each for each in due if each), default=None)
        quiet = (first - self.time.now()).total_seconds() if first else math.inf
        return min(quiet, 9) if self.target.held else quiet


@pytest.fixture
def world(open_store, time) -> World:
    return World(open_store, time)
