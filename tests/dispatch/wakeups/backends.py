"""The wake-ups, each with time that a test moves and a handler that does as it is told."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import NamedTuple

from common.dispatch.wakeups import Wakeup, Wakeups
from common.dispatch.wakeups.cloud_tasks import CloudTasksWakeups
from common.dispatch.wakeups.driver import Driver
from common.dispatch.wakeups.local import LocalWakeups
from common.documents import open_documents
from common.settings import Settings
from tests.faults import Faulty
from tests.services.local_cloud import Platform, serving
from tests.time import FakeTime


class Arrival(NamedTuple):
    """A call of the handler."""

    kind: str
    name: str
    at: datetime
    headers: dict[str, str]


class Backend(ABC):
    """Wake-ups under test."""

    wakeups: Wakeups

    def __init__(self, time: FakeTime) -> None:
        self.time = time
        self.arrived: list[Arrival] = []
        self.failing = 0
        """How many of the next calls the handler fails."""
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while the handler is at it."""

    @property
    def names(self) -> list[str]:
        return [arrival.name for arrival in self.arrived]

    def ask(self, name: str = "q", seconds: float = 0.0, *, kind: str = "queue") -> None:
        at = self.time.now() + timedelta(seconds=seconds)
        self.wakeups.schedule(Wakeup(kind=kind, name=name, at=at))

    def handle(self, kind: str, name: str, headers: dict[str, str]) -> None:
        self.arrived.append(Arrival(kind, name, self.time.now(), headers))
        self.meanwhile()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("on command")

    @abstractmethod
    def another(self, *, behind: float = 0.0) -> Wakeups:
        """The same wake-ups as another process has them, whose clock may be some seconds behind."""

    @abstractmethod
    def advance(self, seconds: float) -> None:
        """Let time go by, and come what is due in it."""

    @abstractmethod
    def lose_an_answer(self) -> None:
        """Have the next thing that is asked be done, and its answer be lost."""

    @abstractmethod
    def go_away(self) -> None:
        """Have nothing answer any more, and whoever asks have little patience."""

    @abstractmethod
    def come_back(self) -> None:
        """Have all be answered again."""


class Local(Backend):
    """Timers in a store, driven by a driver whose waits move time."""

    def __init__(self, time: FakeTime, url: str) -> None:
        super().__init__(time)
        self.store = open_documents(url)
        self.documents = self._faulty()
        self.wakeups = LocalWakeups(self.documents)
        self._rng = Random(7).random  # noqa: S311 - the same in each run

    def another(self, *, behind: float = 0.0) -> LocalWakeups:
        return LocalWakeups(self._faulty(behind))

    def driver(self, **options) -> Driver:
        def handler(wakeup: Wakeup) -> None:
            self.handle(wakeup.kind, wakeup.name, {})

        return Driver(self.wakeups, handler, **{"rng": self._rng, **options})

    def advance(self, seconds: float) -> None:
        end = self.time.elapsed + seconds

        def wait(pause: float) -> None:
            self.time.elapsed = min(end, self.time.elapsed + pause)
            if self.time.elapsed == end:
                driver.stop()

        driver = self.driver(wait=wait)
        driver.run()
        while not driver.turn():  # what is due in the last moment
            pass

    def lose_an_answer(self) -> None:
        self.documents.faults.append("lost")

    def go_away(self) -> None:
        self.documents.patience = 0.0
        self.documents.faults.extend(["unavailable"] * 100)

    def come_back(self) -> None:
        self.documents.faults.clear()

    def _faulty(self, behind: float = 0.0) -> Faulty:
        documents = Faulty(self.store, clock=self.time.clock)
        documents.read_interval = self.store.read_interval
        documents._now = lambda: self.time.now() - timedelta(seconds=behind)
        return documents


class Cloud(Backend):
    """The real client against the local cloud, which calls a dispatcher of ours."""

    def __init__(self, time: FakeTime, platform: Platform, target: str) -> None:
        super().__init__(time)
        self.platform, self.faults, self.target = platform, platform.faults, target
        self.wakeups = self.another()

    def another(self, *, behind: float = 0.0, timeout: float = 20.0, **environ: str) -> Wakeups:
        return CloudTasksWakeups(
            cloud_settings(RUNJOBS_DISPATCHER_URL=self.target, **environ),
            lambda: self.time.now() - timedelta(seconds=behind),
            endpoint=self.platform.url,
            timeout=timeout,
        )

    def advance(self, seconds: float) -> None:
        end = self.time.elapsed + seconds
        while (pause := self.platform.turn()) <= 0 or self.time.elapsed < end:
            self.time.elapsed = min(end, self.time.elapsed + pause)

    def lose_an_answer(self) -> None:
        self.faults.next.append("lost")

    def go_away(self) -> None:
        self.wakeups = self.another(timeout=0.3)
        self.faults.next.extend([503] * 100)

    def come_back(self) -> None:
        self.faults.next.clear()


def cloud_settings(**environ: str) -> Settings:
    given = {
        "RUNJOBS_WAKEUPS": "cloud-tasks",
        "RUNJOBS_WAKEUP_ACCOUNT": "tasks@test.iam.gserviceaccount.com",
        "RUNJOBS_DISPATCHER_URL": "https://dispatcher.example",
        "GOOGLE_CLOUD_PROJECT": "test",
    }
    return Settings.load({**given, **environ})


@contextmanager
def local(time: FakeTime, url: str) -> Iterator[Local]:
    backend = Local(time, url)
    yield backend
    backend.store.close()


@contextmanager
def cloud(time: FakeTime, home: Path) -> Iterator[Cloud]:
    settings = Settings.load({"RUNJOBS_HOME": str(home), "GOOGLE_CLOUD_PROJECT": "test"})
    documents = time.rule(open_documents(settings.documents))
    with serving(settings, documents, acting=False) as platform, dispatcher() as (target, handlers):
        platform.make_queue()
        backend = Cloud(time, platform, target)
        handlers.append(backend.handle)
        yield backend
    documents.close()


class _Dispatcher(BaseHTTPRequestHandler):
    handlers: list[Callable[[str, str, dict[str, str]], None]]

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self._outcome(said))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...

    def _outcome(self, said: dict) -> int:
        if self.path != "/internal/wakeups":
            return 404
        try:
            self.handlers[0](said["kind"], said["name"], dict(self.headers))
        except RuntimeError:
            return 500
        return 200


@contextmanager
def dispatcher() -> Iterator[tuple[str, list]]:
    """A dispatcher's side of it; yields its URL, and where its handler goes."""
    handlers: list = []
    kind = type("Dispatcher", (_Dispatcher,), {"handlers": handlers})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", handlers
        finally:
            server.shutdown()
            thread.join()
