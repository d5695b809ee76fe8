"""A change is announced, signed, by the same id however often, and to nobody inside."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from common.runs import State
from jobs.monitor_check.webhook import key_of, signature
from tests.fetch.peer import answering
from tests.fetch.test_refusals import HOSTS
from tests.jobs.monitor.conftest import SECRET, attempted, changes, checked

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture
def hook(site):
    """The params of a check that announces."""
    return {"webhook": site.url("/hook?token=canary-of-hook")}


def again(ledger, run):
    """Another attempt, when it is time for it."""
    now = ledger.documents.now()
    ledger.documents.update("runs", run.id, lambda _: {"due": now})
    return ledger.attempt(run.id)


def test_the_signature_is_that_of_the_specification():
    """Its published example."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_change_is_announced_and_its_receiver_can_tell_by_whom(each_ledger, site, hook):
    checked(each_ledger, site, **hook)
    assert site.posted == []
    site.page("Blue widget: 12 EUR", "We ship on Mondays.", "Call us.")
    found = checked(each_ledger, site, tenant="", **hook)
    assert found["announced"]
    ((headers, body),) = site.posted
    said = json.loads(body)
    assert said["type"] == "monitor.changed"
    assert said["data"]["summary"] == found["summary"]
    assert said["data"]["additions"] == ["Blue widget: 12 EUR"]
    assert said["data"]["id"] == headers["webhook-id"] == found["change"]
    at = int(headers["webhook-timestamp"])
    assert abs(at - datetime.now(UTC).timestamp()) < 60
    expected = signature(key_of(SECRET.encode(), ""), headers["webhook-id"], at, body)
    assert headers["webhook-signature"] == expected
    (change,) = changes(each_ledger)
    assert change["announced"] is not None
    assert not checked(each_ledger, site, **hook)["changed"]
    assert len(site.posted) == 1


def test_each_tenant_has_a_secret_of_its_own(ledger, site, hook):
    for tenant in ("acme", "rival"):
        site.page("Old.")
        checked(ledger, site, tenant=tenant, **hook)
        site.page("New.")
        checked(ledger, site, tenant=tenant, **hook)
    one, other = site.posted
    for tenant, (headers, body) in (("acme", one), ("rival", other)):
        at, id = int(headers["webhook-timestamp"]), headers["webhook-id"]
        signed = headers["webhook-signature"]
        assert signed == signature(key_of(SECRET.encode(), tenant), id, at, body)
        assert signed != signature(key_of(SECRET.encode(), "else"), id, at, body)


def test_what_is_not_taken_is_sent_again_by_the_same_id_and_recorded_once(ledger, site, hook):
    checked(ledger, site, **hook)
    site.page("Another.")
    site.answers += [answering(status="503 Busy", Retry_After="300"), answering(status="500 Oops")]
    run = attempted(ledger, site, **hook)
    assert run.state is State.PENDING
    assert (run.due - ledger.documents.now()).total_seconds() > 290
    site.page("Yet another, which the next check will find.")
    assert again(ledger, run).state is State.PENDING
    found = ledger.result(again(ledger, run))
    assert (found["changed"], found["announced"], found["number"]) == (True, True, 1)
    assert len({headers["webhook-id"] for headers, _ in site.posted}) == 1
    assert len({body for _, body in site.posted}) == 1
    assert len(site.posted) == 3
    assert len(changes(ledger)) == 1


@pytest.mark.parametrize(
    ("status", "why"), [("410 Gone", "replay"), ("401 No", "replay"), ("302 Found", "leads on")]
)
def test_a_refusal_is_a_dead_letter_which_can_be_replayed(status, why, ledger, site, hook):
    checked(ledger, site, **hook)
    site.page("Another.")
    site.answers.append(answering(status=status, Location=site.url("/elsewhere")))
    run = attempted(ledger, site, **hook)
    assert (run.state, run.error.type) == (State.FAILED, "NotTaken")
    assert why in run.error.message
    assert "canary" not in run.error.message
    ledger.runs.replay(run.id)
    assert ledger.result(again(ledger, run))["announced"]
    assert len(site.posted) == 2
    assert len(changes(ledger)) == 1


def test_an_answer_that_is_lost_is_sent_again_by_the_same_id(ledger, site, hook):
    checked(ledger, site, **hook)
    site.page("Another.")
    site.answers.append(lambda connection, _: connection.close())
    run = attempted(ledger, site, **hook)
    assert run.state is State.PENDING
    assert ledger.result(again(ledger, run))["announced"]
    first, second = site.posted
    assert first[0]["webhook-id"] == second[0]["webhook-id"]


def test_without_a_secret_nothing_is_looked_at(ledger, site, hook, monkeypatch):
    for said in ("", "short"):
        monkeypatch.setenv("MONITOR_WEBHOOK_SECRET", said)
        run = attempted(ledger, site, **hook)
        assert (run.state, run.error.type) == (State.FAILED, "Misconfigured")
        assert "--secrets=MONITOR_WEBHOOK_SECRET" in run.error.message
    assert site.asked == []
    assert checked(ledger, site)["first"]  # who announces nothing needs none


@pytest.mark.parametrize("where", ["files.example:1/", "me:pw@files.example/", "files example/"])
def test_a_webhook_that_cannot_be_gone_to_is_told_before_there_is_a_change(where, ledger, site):
    run = attempted(ledger, site, webhook=f"https://{where}")
    assert (run.state, run.error.type) == (State.FAILED, "RefusedURL")
    assert site.asked == []


@pytest.mark.parametrize("host", HOSTS[::4])
@pytest.mark.parametrize("what", ["source", "webhook"])
def test_neither_source_nor_webhook_leads_inside(what, host, ledger, site):
    checked(ledger, site)
    site.page("Another.")
    asked = len(site.asked)
    run = attempted(ledger, site, **{what: f"https://{host}:{site.peer.port}/"})
    assert run.state is State.FAILED
    assert run.error.type == "RefusedURL"
    assert site.posted == []
    assert len(site.asked) <= asked + (what == "webhook")


def test_no_secret_is_in_what_is_kept_or_logged(ledger, site, hook, capsys):
    checked(ledger, site, tenant="acme", **hook)
    site.page("Another.")
    site.answers += [answering(status="503 Busy"), answering(status="410 Gone")]
    run = attempted(ledger, site, tenant="acme", **hook)
    again(ledger, run)
    kept = repr(changes(ledger)) + "".join(capsys.readouterr())
    assert SECRET not in kept
    assert "canary" not in kept
    attempts = ledger.runs.get(run.id).attempts
    assert len(attempts) == 2
    assert "canary" not in repr(attempts)
