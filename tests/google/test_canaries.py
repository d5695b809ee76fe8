"""No key, secret or token is in a log line, a document or an error, whatever fails."""

from __future__ import annotations

import json
import logging
import traceback

import pytest
from cryptography.fernet import Fernet

from common.documents import Query
from common.errors import RunjobsError
from common.google import open_account
from common.integrations import COLLECTION, Cipher, Integrations
from common.runtime.failures import failure
from tests.google.conftest import ANN
from tests.services.google import Fault

ECHO = "Bearer {token} and {refresh} of {client}"
"""What a server might say in its errors, of what it was asked with."""


@pytest.fixture
def heard(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def key(monkeypatch):
    found = Fernet.generate_key().decode()
    monkeypatch.setenv("ENCRYPTION_KEY", found)
    return found


def acts(account):
    """All that can be asked of an account."""
    yield lambda: account.get("drive", "files")
    yield lambda: account.post("drive", "files", {"name": "x"})
    yield lambda: account.download("drive", "files/a").read()
    yield lambda: account.begin_upload(
        "drive", "files", {}, size=3, content_type="text/plain"
    ).send(lambda *_: b"abc")


METHODS = ("drive.files.list", "drive.files.create", "drive.files.get", "drive.files.create.put")
MANNERS = ("reset", "lost", "garbage", "empty", "cut", "unauthorized")
STATUSES = (400, 401, 403, 404, 408, 409, 410, 412, 429, 500, 503)


def faults(secret, token):
    echo = ECHO.format(token=token, refresh=secret["refresh_token"], client=secret["client_secret"])
    yield from (Fault(manner=manner) for manner in MANNERS)
    yield from (Fault(status=status, message=echo) for status in STATUSES)


def test_no_failure_shows_a_secret(google, documents, key, heard, time):
    integrations = Integrations(documents)
    secret = google.oauth.grant(ANN, "drive")
    integrations.save(tenant="t1", user="ann", secret=secret, account=ANN)
    shown = []

    def run(act):
        try:
            act()
        except RunjobsError as error:
            shown.append(str(failure(error)) + repr(error))
            shown.extend(traceback.format_exception(error))

    def attempt(prepare):
        where = {"tenant": "t1", "user": "ann", "clock": time.clock, "patience": 5}
        with open_account(documents, **where) as account:
            run(lambda: account.get("oauth2", "userinfo"))
            token = account._sessions._credentials.token
            shown.append(repr(account) + repr(account._sessions) + repr(vars(account)))
            for act in acts(account):
                prepare(token)
                run(act)
                google.faults._next.clear()

    for number in range(len(MANNERS) + len(STATUSES)):
        attempt(lambda token, n=number: _fail(google, [*faults(secret, token)][n]))
    for fault in (503, 400, Fault(manner="garbage"), Fault(manner="reset")):
        google.oauth.expire()
        attempt(lambda _, f=fault: google.oauth.expire() or google.fail("token", f, times=9))
    google.oauth.revoke(ANN)
    run(lambda: attempt(lambda _: None))
    assert integrations.find(tenant="t1", user="ann").status == "needs_reauth"
    assert len(shown) > 200
    secrets = {*google.oauth.secrets, key, secret["refresh_token"], secret["client_secret"]}
    secrets |= {call.headers["authorization"].split()[1] for call in google.asked}
    assert len(secrets) > 5
    kept = [doc.data for doc in documents.query(Query(COLLECTION))]
    everything = "\n".join([*shown, heard.text, json.dumps(kept, default=str)])
    assert "drive.files" in repr(google.asked)
    assert [each for each in secrets if each in everything] == []


def _fail(google, fault):
    for method in METHODS:
        google.fail(method, fault, times=9)


def test_an_uploads_session_is_shown_to_nobody_either(google, account, heard):
    """Whoever has its address can write the file, without any token."""
    shown = []
    for fault in (500, 404, 403, Fault(manner="reset"), Fault(manner="garbage")):
        upload = account.begin_upload("drive", "files", {}, size=3, content_type="text/plain")
        google.fail("drive.files.create.put", fault, times=40)
        with pytest.raises(RunjobsError) as caught:
            upload.send(lambda *_: b"abc")
        shown += [str(failure(caught.value)), repr(upload), heard.text]
        shown += traceback.format_exception(caught.value)
        google.faults._next.clear()
    google._server.shutdown()
    google._server.server_close()
    account.close()
    with pytest.raises(RunjobsError) as caught:
        upload.put(b"abc")
    shown += traceback.format_exception(caught.value)
    assert "NewConnectionError" in "".join(shown) or "ConnectionError" in "".join(shown)
    ids = [*google.uploads.sessions]
    assert len(ids) == 5
    assert [id for id in ids if id in "".join(shown)] == []


def test_a_key_that_does_not_fit_is_not_shown(documents, key, google):
    other = "A" * 43 + "="
    saved = Integrations(documents, Cipher([key])).save(
        tenant="t1", user="ann", secret=google.oauth.grant(ANN)
    )
    with pytest.raises(RunjobsError) as caught:
        Integrations(documents, Cipher([other])).secret(saved)
    shown = "".join(traceback.format_exception(caught.value)) + str(failure(caught.value))
    assert key not in shown
    assert other not in shown
    assert saved.sealed not in shown
