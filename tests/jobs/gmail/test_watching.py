"""Gmail is asked to publish what is new, for everybody whom it concerns."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from common.errors import InvalidInput
from common.google import BadAnswer, Forbidden
from common.integrations import Integrations
from jobs.automation_trigger import automation_trigger
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, hasty, mark, notify
from tests.jobs.gmail.world import ANN
from tests.services.google import Answer, refused

BEN, TOPIC = "ben@example.com", "projects/p/topics/gmail"
WATCH = "gmail.users.watch"
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def bea(bea):
    bea.mailbox.expiration = int(UNTIL.timestamp() * 1000)
    return bea


def watch(world, **more):
    return world.do(automation_trigger, **{"tenant": "", "topic": TOPIC, **more})


def read(world) -> None:
    """Do what was submitted, as a dispatcher would start it."""
    for run in world.children("automation-trigger"):
        if run.state == "pending":
            world.attempt(automation_trigger, run)


def known(world, user="ann", tenant="t1"):
    return world.integrations.find(tenant=tenant, user=user)


def test_who_has_an_automation_that_messages_start_is_watched(bea):
    for user in ("ben", "off"):
        bea.connect(f"{user}@example.com", user=user)
    automate(bea, user="off", enabled=False)
    at = mark(bea)
    result = watch(bea)
    assert (result.integrations, result.watched, result.started_count) == (1, 1, 1)
    assert bea.mailbox.watched == {"topicName": TOPIC}
    assert bea.gmail.mailbox(BEN).watched is None
    assert known(bea).watch == {"history": str(at), "expires": UNTIL.isoformat()}


def test_what_came_between_an_automation_and_its_watch_is_not_missed(bea):
    bea.integrations.note(known(bea), watch=None)
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    watch(bea)
    read(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def test_an_account_that_nobody_has_named_is_known_from_then_on(bea):
    bea.integrations.note(known(bea), account="")
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    assert watch(bea).watched == 1
    assert known(bea).account == ANN
    assert known(bea).watch["expires"]
    read(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def test_reading_and_watching_at_once_lose_nothing_of_each_other(bea, monkeypatch):
    id, note = bea.mailbox.add(message(("a.pdf", PDF))), Integrations.note

    def late(*args, **fields):
        monkeypatch.setattr(Integrations, "note", note)
        notify(bea)
        return note(*args, **fields)

    monkeypatch.setattr(Integrations, "note", late)
    watch(bea)
    assert handled(bea) == {(bea.automation.id, id)}
    assert (mark(bea), known(bea).watch["expires"]) == (bea.mailbox.history_id, UNTIL.isoformat())


def test_one_that_fails_keeps_no_other(bea, monkeypatch):
    hasty(monkeypatch)
    for number in range(3):
        bea.connect(f"{number}@example.com", user=str(number))
        automate(bea, user=str(number))
    bea.google.oauth.revoke("0@example.com")
    answer, answers = bea.google._handlers[WATCH], iter([refused(403, "forbidden")])
    bea.google._handlers[WATCH] = lambda asked: next(answers, None) or answer(asked)
    run = bea.submit(automation_trigger, tenant="", topic=TOPIC)
    with pytest.raises(Forbidden):
        bea.attempt(automation_trigger, run)
    watched = [bea.gmail.mailbox(f"{n}@example.com").watched for n in range(3)]
    assert sum(map(bool, [*watched, bea.mailbox.watched])) == 2
    assert known(bea, user="0").status == "needs_reauth"


@pytest.mark.parametrize("said", ["soon", "1" * 30, None])
def test_an_answer_without_a_time_is_none(bea, said):
    content = json.dumps({"historyId": "1", "expiration": said}).encode()
    bea.google._handlers[WATCH] = lambda _: Answer(content=content)
    before = known(bea).watch
    with pytest.raises(BadAnswer):
        watch(bea)
    assert known(bea).watch == before


def test_a_tenant_lets_nobody_watch(bea):
    with pytest.raises(InvalidInput, match="operator"):
        watch(bea, tenant="t1")
    assert bea.mailbox.watched is None
