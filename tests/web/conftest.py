"""The dispatcher over real HTTP, in a thread; what it starts is written down, and runs nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import httpx
import pytest

from common.dispatch import Client
from common.listening import listening
from common.runs import Failure, Run, transitions
from common.settings import Settings
from common.web.access.guard import Guard
from common.web.access.loopback import Loopback
from common.web.serving import api
from tests.dispatch.stub import Stub


class StillClient(Client):
    """A client whose starts go as a stub says."""

    def __init__(self, settings: Settings, stub: Stub) -> None:
        super().__init__(settings)
        self._stub = stub

    @cached_property
    def executor(self) -> Stub:
        return self._stub


@dataclass(frozen=True)
class Served:
    """A dispatcher that listens."""

    client: StillClient
    stub: Stub
    url: str
    http: httpx.Client

    def submit(self, job: str = "noop", **said) -> dict:
        """A run that was just made."""
        answer = self.http.post("/v1/runs", json={"job": job, **said})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def fail(self, id: str) -> Run:
        """Have its task, once it was started, fail for good."""
        runs = self.client.runs
        run = runs.claim(id, self.stub.worker(len(self.stub.launches)))
        error = Failure(type="Bad", message="no good", retryable=False)
        how = {"token": run.token, "now": runs.documents.now(), "error": error, "retry_in": None}
        return runs.apply(run, lambda it: transitions.fail(it, **how))


@contextmanager
def serving(settings: Settings, *outcomes, guard: Guard | None = None) -> Iterator[Served]:
    stub = Stub(*outcomes)
    with StillClient(settings, stub) as client:
        app = api(client, guard or Loopback())
        with listening(app) as (host, port):
            url = f"http://{host}:{port}"
            with httpx.Client(base_url=url, timeout=30) as http:
                yield Served(client, stub, url, http)


@pytest.fixture
def laptop(tmp_path) -> Settings:
    """Settings of a laptop, with a home of its own."""
    return Settings.load({"RUNJOBS_HOME": str(tmp_path / "home")})


@pytest.fixture
def served(laptop) -> Iterator[Served]:
    with serving(laptop) as it:
        yield it


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Served]:
    """One for all tests of a file that change nothing."""
    home = tmp_path_factory.mktemp("shared")
    with serving(Settings.load({"RUNJOBS_HOME": str(home)})) as it:
        yield it


@pytest.fixture
def anywhere(laptop, documents_url) -> Iterator[Served]:
    """On each documents store in turn."""
    with serving(replace(laptop, documents=documents_url)) as it:
        yield it


def problem(answer: httpx.Response, status: int, *words: str) -> dict:
    """What a problem says, once it is known to be one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    assert {"type", "title", "detail"} <= found.keys()
    for word in words:
        assert word in found["detail"]
    assert "Traceback" not in answer.text
    return found
