"""automation-trigger: several who connected an account, and what fails for one of them."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput
from common.google import NoAnswer
from common.runtime import Interrupted
from jobs.automation_trigger import automation_trigger
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, hasty, mark, notify
from tests.jobs.gmail.world import ANN
from tests.services.google import Fault, refused

HISTORY = "gmail.users.history.list"
GET = "gmail.users.messages.get"


def test_an_account_that_two_tenants_connected_starts_automations_of_both(ann):
    ann.connect(tenant="t2", user="x")
    other = automate(ann, tenant="t2", user="x")
    id = ann.mailbox.add(message(("a.pdf", PDF)))
    result = notify(ann)
    assert result.integrations == 2
    assert handled(ann) == {(ann.automation.id, id), (other.id, id)}
    assert {run.tenant for run in ann.children()} == {"t1", "t2"}


def test_a_tenants_run_reaches_its_own_integrations_only(bea):
    bea.connect(tenant="t2", user="x")
    other = automate(bea, tenant="t2", user="x")
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    assert notify(bea, tenant="t2").integrations == 1
    assert handled(bea) == {(other.id, id)}
    assert notify(bea, tenant="t3").integrations == 0
    assert mark(bea) < bea.mailbox.history_id


def test_automations_of_another_user_are_none_of_hers(bea):
    automate(bea, user="bob")
    automate(bea, tenant="t2")
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def test_nobody_connected_the_account(bea):
    assert notify(bea, "nobody@example.com").integrations == 0


def test_consent_that_is_gone_keeps_no_other_and_is_told(ann):
    ann.connect(tenant="t2", user="x")
    other = automate(ann, tenant="t2", user="x")
    id = ann.mailbox.add(message(("a.pdf", PDF)))
    gone = ann.integrations.find(tenant="t1", user="ann")
    ann.integrations.needs_reauth(gone, "revoked")
    result = notify(ann)
    assert handled(ann) == {(other.id, id)}
    assert [each.what for each in result.troubles] == [gone.id]
    assert mark(ann) < ann.mailbox.history_id


def test_consent_that_google_takes_no_more_ends_well_and_once_it_is_back_nothing_was_missed(ann):
    id = ann.mailbox.add(message(("a.pdf", PDF)))
    ann.google.oauth.revoke(ANN)
    assert "needs_reauth" in notify(ann).troubles[0].reason
    assert ann.integrations.find(tenant="t1", user="ann").status == "needs_reauth"
    secret = ann.google.oauth.grant(ANN, "https://www.googleapis.com/auth/gmail.readonly")
    ann.integrations.save(tenant="t1", user="ann", secret=secret, account=ANN)
    notify(ann)
    assert handled(ann) == {(ann.automation.id, id)}


def test_a_message_that_cannot_be_read_keeps_no_other(bea):
    bad = bea.mailbox.add(message(("a.pdf", PDF)))
    good = bea.mailbox.add(message(("b.pdf", PDF)))
    bea.google.fail(GET, Fault(status=400, reason="failedPrecondition"))
    result = notify(bea)
    assert handled(bea) == {(bea.automation.id, good)}
    assert [each.what for each in result.troubles] == [bad]


def test_while_gmail_is_down_nothing_moves_and_later_nothing_is_missed(bea, monkeypatch):
    hasty(monkeypatch)
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(2)}
    at = mark(bea)
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    for method in (HISTORY, GET):
        bea.google.fail(method, 503, times=50)
        with pytest.raises(NoAnswer):
            bea.attempt(automation_trigger, run)
        assert mark(bea) == at
        bea.google.faults._next.clear()
    bea.attempt(automation_trigger, run)
    assert {id for _, id in handled(bea)} == ids


def test_interruptions_do_not_count_against_a_message(bea, monkeypatch):
    hasty(monkeypatch)
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(2)}
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    for _ in range(4):
        with bea.context(run) as context:
            context.check = interrupted
            with pytest.raises(Interrupted):
                automation_trigger(automation_trigger.validate({"user": ANN}), context)
    bea.google.fail(GET, 503, times=40)
    with pytest.raises(NoAnswer):
        bea.attempt(automation_trigger, run)
    bea.google.faults._next.clear()
    assert bea.attempt(automation_trigger, run).troubles == []
    assert {id for _, id in handled(bea)} == ids


def interrupted() -> None:
    raise Interrupted


def test_an_account_that_was_changed_meanwhile_keeps_its_own_mark(bea):
    bea.mailbox.add(message(("a.pdf", PDF)))
    answer = bea.google._handlers[HISTORY]

    def change(asked):
        bea.connect("other@example.com", history=5)
        return answer(asked)

    bea.google._handlers[HISTORY] = change
    notify(bea)
    assert mark(bea) == 5


def test_one_message_that_always_fails_keeps_the_others_for_three_attempts(bea, monkeypatch):
    hasty(monkeypatch)
    bad, good = (bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(2))
    taken = bea.gmail.methods()[GET]

    def failing(asked):
        return refused(500, "backendError") if asked.path["id"] == bad else taken(asked)

    bea.google._handlers[GET] = failing
    run = bea.submit(automation_trigger, tenant="", user=ANN, history=bea.mailbox.history_id)
    for _ in range(2):
        with pytest.raises(NoAnswer):
            bea.attempt(automation_trigger, run)
    result = bea.attempt(automation_trigger, run)
    assert handled(bea) == {(bea.automation.id, good)}
    assert [each.what for each in result.troubles] == [bad]


@pytest.mark.parametrize("form", ["garbage", "cut", "empty"])
def test_answers_that_are_none_move_nothing(bea, monkeypatch, form):
    from common.google import BadAnswer

    hasty(monkeypatch)
    bea.mailbox.add(message(("a.pdf", PDF)))
    at = mark(bea)
    bea.google.fail(HISTORY, Fault(manner=form), times=50)
    with pytest.raises((BadAnswer, NoAnswer)):
        notify(bea)
    assert (mark(bea), handled(bea)) == (at, set())


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"user": "a@b.example", "subscription": "gmail"},
        {"user": "a@b.example", "history": "x"},
        {"user": "a@b.example", "history": -1},
        {"user": "a@b.example", "history": 2**64},
        {"user": "a@b.example", "topic": "projects/p/topics/t"},
        {"subscription": "../x"},
        {"subscription": "http://evil.example/x"},
        {"subscription": "projects/p/subscriptions/a/b"},
    ],
)
def test_what_is_wrong_is_refused(params):
    with pytest.raises(InvalidInput):
        automation_trigger.validate(params)


def test_no_secret_and_no_message_is_in_what_is_logged_kept_or_told(bea, caplog):
    caplog.set_level("DEBUG")
    canary = "canary-5f1d"
    bea.mailbox.add(message((f"{canary}.pdf", PDF), subject=canary, text=canary))
    bad = bea.mailbox.add(message(("a.pdf", PDF)))
    answer = bea.google._handlers[GET]
    bea.google._handlers[GET] = lambda asked: (
        refused(400, "bad", f"Bearer ya29.{canary}") if asked.path["id"] == bad else answer(asked)
    )
    result = notify(bea)
    assert (result.started_count, result.troubles_count) == (1, 1)
    told = [*caplog.messages, result.model_dump_json()]
    told += [str(run) for run in [*bea.children(), *bea.children("automation-trigger")]]
    for secret in {*bea.google.oauth.secrets, canary}:
        assert secret not in "".join(told)
