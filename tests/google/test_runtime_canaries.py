"""What the ledger and the logs keep of a run that Google fails is free of secrets, its trace too.

Attempts are made by the runtime itself, at real jobs and at one that lets all through.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.fernet import Fernet

from common.blobs import open_blobs
from common.google import open_account
from common.integrations import Integrations
from common.runs import State, Worker
from common.runtime import Params, job
from common.runtime.log import _Json, _Text
from common.runtime.perform import perform
from common.runtime.submission import new_run
from common.services import Services
from common.settings import Settings
from jobs.drive_export import drive_export
from jobs.drive_import import drive_import
from tests.fetch.peer import Peer, answering, raw
from tests.google.conftest import ANN
from tests.services.google import Fault, Google
from tests.services.google.drive import Drive
from tests.services.google.oauth import OAuth

SCOPE = "https://www.googleapis.com/auth/drive"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
RAW = {
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
    "endless length": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    "bad chunk": CHUNKED + b"zz\r\nhello",
    "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "header of 70 KB": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "300 headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    "status": b"HTTP/1.1 9999999 OK\r\n\r\n",
    "leads on": b"HTTP/1.1 302 Found\r\nLocation: http://[/\r\nContent-Length: 0\r\n\r\n",
    "deep JSON": b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 50_000,
    "no Unicode": b'HTTP/1.1 200 OK\r\n\r\n{"files": "\xff"}',
}
"""What comes for a call, when the token is good."""


@pytest.fixture
def services(tmp_path, documents, monkeypatch, time) -> Services:
    """Over documents of the test's own, in a time that takes none."""
    monkeypatch.setattr("common.google.account._CLOCK", time.clock)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    services = Services(Settings.load({}))
    services.__dict__["documents"] = documents
    services.__dict__["blobs"] = open_blobs(f"file://{tmp_path}/blobs")
    return services


@pytest.fixture
def told() -> Iterator[list[str]]:
    """All that is logged from INFO on, as lines of both kinds."""
    lines: list[str] = []
    handler = logging.Handler()
    forms = (_Text(), _Json({}, ""))
    handler.emit = lambda record: lines.extend(form.format(record) for form in forms)
    root, ours = logging.getLogger(), logging.getLogger("runjobs")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.level, ours.level = before


class World:
    """One who connected, runs, and all that is kept of them."""

    def __init__(self, services: Services, monkeypatch) -> None:
        self.services = services
        self.secrets: set[str] = set()
        self.kept: list[str] = []
        self._set = monkeypatch.setenv

    def connect(self, oauth: OAuth, url: str) -> None:
        key = Fernet.generate_key().decode()
        for name, value in {"RUNJOBS_GOOGLE_ENDPOINT": url, "ENCRYPTION_KEY": key}.items():
            self._set(name, value)
        secret = oauth.grant(ANN, SCOPE)
        Integrations(self.services.documents).save(tenant="t", user="ann", secret=secret)
        self.secrets |= {key, oauth.client_secret, secret["refresh_token"]}

    def attempt(self, made, **params: object):
        """One attempt; the run as it left it."""
        runs, now = self.services.runs, self.services.documents.now()
        run = new_run(made, made.validate(params), now=now, tenant="t")
        run = runs.begin(run, Worker(execution=None, name="x"))
        ended = perform(made, self.services, run)
        self.kept.append(f"{ended.error}{ended.attempts}{ended.checkpoint}{ended.result}")
        self.kept.append(str(runs.get(run.id)))
        return ended

    def shown(self, lines: list[str]) -> list[str]:
        everything = "\n".join([*self.kept, *lines])
        return [each for each in self.secrets if each in everything]


@pytest.fixture
def world(services, monkeypatch) -> World:
    return World(services, monkeypatch)


@contextmanager
def after_the_token(talk, world) -> Iterator[Peer]:
    """What renews tokens, and answers all else as it is told to."""
    oauth, token = OAuth(), f"ya29.{secrets.token_hex(20)}"
    renewed = answering(json.dumps({"access_token": token, "expires_in": 3599}).encode())

    def answer(connection, request):
        (renewed if request.startswith(b"POST /token") else talk)(connection, request)

    with Peer(answer) as peer:
        world.connect(oauth, f"http://127.0.0.1:{peer.port}")
        world.secrets.add(token)
        yield peer
    assert token.encode() in b"".join(peer.requests)


@pytest.mark.parametrize("octets", RAW.values(), ids=RAW)
def test_an_import_that_is_answered_with_no_sense_tells_of_no_secret(octets, world, told):
    with after_the_token(raw(octets), world):
        ended = world.attempt(drive_import, user="ann", files=["a" * 33])
    assert ended.state is State.PENDING
    assert ended.attempts[-1].error.trace is None
    assert world.shown(told) == []


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_what_google_says_of_what_it_was_asked_with_is_not_kept(status, world, told):
    def echo(connection, request):
        said = json.dumps({"error": {"message": request.decode(), "errors": []}})
        answering(said.encode(), status=f"{status} No")(connection, request)

    with after_the_token(echo, world):
        world.attempt(drive_import, user="ann", files=["a" * 33])
    assert "Google refused GET drive files/aaa" in str(world.kept) or status in {401, 500}
    assert "Traceback" not in "".join([*told, *world.kept])
    assert world.shown(told) == []


@pytest.mark.parametrize("fault", [500, 404, 403, Fault(manner="reset"), Fault(manner="garbage")])
def test_an_export_that_breaks_keeps_its_session_to_itself(fault, world, told):
    """It is in the ledger of its files, by which the next attempt goes on, and nowhere else."""
    with Google(Drive()) as google:
        world.connect(google.oauth, google.url)
        world.services.blobs.write("tenants/t/a.txt", b"hello")
        google.fail("drive.files.create.put", fault, times=200)
        ended = world.attempt(drive_export, user="ann", sources=["tenants/t/a.txt"])
        world.secrets |= {*google.oauth.secrets, *google.uploads.sessions}
    assert google.uploads.sessions
    assert ended.attempts[-1].error.trace is None
    assert world.shown(told) == []


@job("trial-all-through")
def all_through(params: Params, run) -> None:
    """Has everything at hand when what nobody foresaw happens."""
    with open_account(run.documents, tenant="t", user="ann") as account:
        account.get("drive", "files")
        token = account._sessions._credentials.token
        upload = account.begin_upload("drive", "files", {}, size=3, content_type="text/plain")
        try:
            upload.send(lambda *_: 1 // 0 if token and params else b"")
        finally:
            run.log.info(f"{account} {account._sessions._credentials} {upload}")


def test_a_trace_names_the_place_and_no_value(world, told):
    with Google(Drive()) as google:
        world.connect(google.oauth, google.url)
        ended = world.attempt(all_through)
        world.secrets |= {*google.oauth.secrets, *google.uploads.sessions}
    assert "in all_through" in ended.attempts[-1].error.trace
    assert "ZeroDivisionError" in ended.attempts[-1].error.trace
    assert google.uploads.sessions
    assert world.shown(told) == []


@job("trial-careless")
def careless(_params: Params, run) -> None:
    """Says what it must not."""
    with open_account(run.documents, tenant="t", user="ann") as account:
        account.get("drive", "files")
        run.log.info(account._sessions._credentials.refresh_token)
        raise ValueError(account._sessions._credentials.token)


def test_a_secret_that_a_job_tells_would_be_found_here(world, told):
    with Google(Drive()) as google:
        world.connect(google.oauth, google.url)
        world.attempt(careless)
        world.secrets |= google.oauth.secrets
    assert len(world.shown(told)) == 2
