"""Watches are renewed before they end, for whoever needs one, and Gmail is not asked for more."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from common.automations import Automations
from common.errors import InvalidInput, Misconfigured
from common.google import BadAnswer, NoAnswer, Throttled
from common.maintenance import TooMany
from jobs.gmail_watch_renewal import gmail_watch_renewal
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, hasty, mark
from tests.jobs.gmail.notices import notify as notified
from tests.jobs.gmail.world import ANN
from tests.jobs.privacy.knife import Killed, knife
from tests.jobs.privacy.watches import (
    STOP,
    TOPIC,
    WATCH,
    WEEK,
    address,
    asked,
    end_in,
    ends,
    join,
    known,
    renew,
)
from tests.services.google import Answer, Fault, refused

HOUR = timedelta(hours=1)


def test_who_has_an_automation_that_messages_start_is_watched(ann):
    for user, automation in {"off": {"enabled": False}, "none": None}.items():
        ann.connect(address(user), user=user)
        if automation:
            automate(ann, user=user, **automation)
    at = mark(ann)
    result = renew(ann)
    assert (result.success, result.renewed_count, result.read_count) == (True, 1, 1)
    assert result.message == "Renewed 1 watch on Gmail; ended 0 that nobody needs; 0 go on."
    assert (asked(ann), ann.mailbox.watched) == ([ANN], {"topicName": TOPIC})
    expected = datetime.fromtimestamp(ann.mailbox.expiration / 1000, ends(ann).tzinfo)
    assert known(ann).watch == {
        "history": str(at),
        "expires": expected.isoformat(),
        "topic": TOPIC,
    }


@pytest.mark.parametrize(
    ("left", "within", "renewed"),
    [
        (timedelta(hours=49), 48, 0),
        (timedelta(hours=47), 48, 1),
        (timedelta(hours=47), 24, 0),
        (timedelta(hours=-1), 48, 1),
        (timedelta(days=6), 160, 1),
    ],
)
def test_only_a_watch_that_ends_soon_is_renewed(bea, left, within, renewed):
    end_in(bea, left)
    result = renew(bea, within=within)
    assert (result.renewed_count, result.current_count) == (renewed, 1 - renewed)
    assert asked(bea) == [ANN] * renewed


def test_renewed_day_by_day_each_is_watched_without_a_gap_and_asked_for_each_five_days(bea):
    """Gmail promises seven days, and the job looks once in each, over four weeks."""
    begin, end = bea.documents.now(), None
    for day in range(28):
        now = begin + timedelta(days=day)
        bea.mailbox.expiration = int((now + WEEK).timestamp() * 1000)
        bea.documents.now = lambda now=now: now
        assert end is None or end > now
        renew(bea)
        end = ends(bea)
    assert len(asked(bea)) == 6


def test_what_came_before_a_mailbox_was_watched_is_not_missed(bea):
    bea.integrations.note(known(bea), watch=None)
    bea.mailbox.clock = lambda: int(bea.documents.now().timestamp() * 1000) + 1_000
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    renew(bea)
    read(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def read(world) -> None:
    """Do what was submitted, as a dispatcher would start it."""
    from jobs.automation_trigger import automation_trigger

    for run in world.children("automation-trigger"):
        if run.state == "pending":
            world.attempt(automation_trigger, run)


def test_a_mailbox_of_which_nothing_was_heard_for_a_day_is_read(bea):
    end_in(bea, WEEK)
    assert renew(bea).read_count == 0
    now = bea.documents.now() + timedelta(hours=25)
    bea.documents.now = lambda: now
    assert (renew(bea).read_count, asked(bea)) == (1, [])


def test_an_account_that_nobody_has_named_is_known_from_then_on(bea):
    bea.integrations.note(known(bea), account="")
    assert renew(bea).renewed_count == 1
    assert known(bea).account == ANN


def test_reading_and_renewing_at_once_lose_nothing_of_each_other(bea):
    bea.mailbox.clock = lambda: int(bea.documents.now().timestamp() * 1000) + 1_000
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    answer = bea.google._handlers[WATCH]

    def late(request):
        bea.google._handlers[WATCH] = answer
        later.append(request)
        notified(bea)
        return answer(request)

    later: list[object] = []
    bea.google._lock = _NoLock()
    bea.google._handlers[WATCH] = late
    renew(bea)
    assert later
    assert handled(bea) == {(bea.automation.id, id)}
    assert mark(bea) == bea.mailbox.history_id
    assert ends(bea) > bea.documents.now() + WEEK - HOUR


class _NoLock:
    """Lets the stand-in answer a request while it answers another."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


# --- topics


def test_another_topic_comes_in_the_place_of_the_one_before(bea, monkeypatch):
    renew(bea)
    other = "projects/p/topics/other"
    monkeypatch.setenv("GMAIL_TOPIC", "other")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    assert renew(bea).renewed_count == 1
    assert (asked(bea, STOP), bea.mailbox.watched) == ([ANN], {"topicName": other})
    assert renew(bea).renewed_count == 0
    assert renew(bea, topic=TOPIC).renewed_count == 1
    assert bea.mailbox.watched == {"topicName": TOPIC}


@pytest.mark.parametrize(("said", "fix"), [("", "set GMAIL_TOPIC"), ("t", "GOOGLE_CLOUD_PROJECT")])
def test_who_needs_a_watch_needs_a_topic(bea, monkeypatch, said, fix):
    monkeypatch.setenv("GMAIL_TOPIC", said)
    for name in ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Misconfigured, match=fix):
        renew(bea)
    Automations(bea.documents).enable(bea.automation.id, enabled=False)
    assert renew(bea).success


# --- those whom nobody needs


def test_a_watch_that_no_automation_needs_is_ended(ann):
    renew(ann)
    Automations(ann.documents).enable(ann.automation.id, enabled=False)
    at = mark(ann)
    assert renew(ann).stopped_count == 1
    assert (asked(ann, STOP), ann.mailbox.watched) == ([ANN], None)
    assert known(ann).watch == {"history": str(at)}
    assert renew(ann).stopped_count == 0
    Automations(ann.documents).enable(ann.automation.id)
    assert renew(ann).renewed_count == 1
    assert ann.mailbox.watched


def test_where_far_more_end_than_usual_none_does(bea, monkeypatch):
    monkeypatch.setattr("common.maintenance.guard._FEW", 1)
    for user in ("ben", "cat", "ann"):
        join(bea, user)
        renew(bea)
    for each in Automations(bea.documents).list():
        Automations(bea.documents).remove(each.id)
    with pytest.raises(TooMany, match="3 watches"):
        renew(bea)
    assert asked(bea, STOP) == []
    assert renew(bea, force=True).stopped_count == 3


# --- what goes wrong


def test_a_consent_that_is_gone_is_told_and_keeps_nobody_else(ann):
    for user in ("ben", "cat"):
        join(ann, user)
    ann.google.oauth.revoke(ANN)
    result = renew(ann)
    assert (result.success, result.renewed_count, result.needs_reauth_count) == (True, 2, 1)
    assert known(ann).status == "needs_reauth"
    assert [each.integration for each in result.troubles] == [known(ann).id]
    assert "consents to be given anew: 1" in result.message
    renewals = ann.google.oauth.renewals
    assert renew(ann).needs_reauth_count == 1  # which Google is asked for no more
    assert ann.google.oauth.renewals == renewals


def test_what_may_pass_is_tried_again_and_the_run_too(bea, monkeypatch):
    hasty(monkeypatch)
    monkeypatch.setattr("jobs.gmail_watch_renewal.keeper._PATIENCE", 1.0)
    for user in ("ben", "cat"):
        join(bea, user)
    bea.google.fail(WATCH, 429)
    bea.google.fail(WATCH, 503)
    assert renew(bea).renewed_count == 3
    assert len(bea.google.seen) > len(asked(bea))
    failing = _failing_for(bea, "ben@example.com")
    for user in ("ann", "ben", "cat"):
        end_in(bea, HOUR, user)
    run = bea.submit(gmail_watch_renewal, tenant="")
    for _ in range(2):
        with pytest.raises(NoAnswer):
            bea.attempt(gmail_watch_renewal, run)
    assert ends(bea) > bea.documents.now() + HOUR  # the others are not kept from theirs
    result = bea.attempt(gmail_watch_renewal, run)
    assert (result.success, result.failed_count, result.renewed_count) == (False, 1, 2)
    failing.clear()
    assert renew(bea).renewed_count == 1


def _failing_for(world, account: str) -> set[str]:
    """Gmail fails for these accounts, as long as they are in it."""
    answer, accounts = world.google._handlers[WATCH], {account}
    world.google._handlers[WATCH] = lambda request: (
        refused(503, "backendError") if request.account in accounts else answer(request)
    )
    return accounts


def test_where_gmail_is_down_not_everybody_is_asked(bea, monkeypatch):
    hasty(monkeypatch)
    monkeypatch.setattr("common.google.pace._RETRIES", 1.0)
    for number in range(12):
        join(bea, f"u{number}")
    bea.google.fail(WATCH, Fault(status=429, reason="rateLimitExceeded"), times=100_000)
    run = bea.submit(gmail_watch_renewal, tenant="")
    for _ in range(4):
        before = bea.google.oauth.renewals
        with pytest.raises((Throttled, NoAnswer)):
            bea.attempt(gmail_watch_renewal, run)
        assert bea.google.oauth.renewals - before <= 10


def test_what_google_refuses_is_told_and_is_no_success(bea):
    join(bea, "ben")
    answer = bea.google._handlers[WATCH]
    bea.google._handlers[WATCH] = lambda request: (
        refused(403, "forbidden") if request.account == ANN else answer(request)
    )
    result = renew(bea)
    assert (result.success, result.renewed_count, result.failed_count) == (False, 1, 1)
    assert "forbidden" in result.troubles[0].reason


@pytest.mark.parametrize("said", ["soon", "1" * 30, None])
def test_an_answer_without_a_time_is_none(bea, said):
    content = json.dumps({"historyId": "1", "expiration": said}).encode()
    bea.google._handlers[WATCH] = lambda _: Answer(content=content)
    before = known(bea).watch
    with pytest.raises(BadAnswer):
        renew(bea)
    assert known(bea).watch == before


def test_a_tenant_lets_nobody_watch(bea):
    with pytest.raises(InvalidInput, match="operator"):
        renew(bea, tenant="t1")
    assert asked(bea) == []


def test_a_dry_run_tells_and_asks_google_nothing(bea):
    join(bea, "ben")
    end_in(bea, WEEK, "ben")
    for each in Automations(bea.documents).list(user="ben"):
        Automations(bea.documents).remove(each.id)
    before = {user: known(bea, user) for user in ("ann", "ben")}
    result = renew(bea, dry_run=True)
    assert (result.renewed_count, result.stopped_count, result.would_count) == (1, 1, 2)
    assert any("Renew the watch of ann of t1" in line for line in result.would)
    assert {user: known(bea, user) for user in before} == before
    assert (bea.google.seen, bea.children("automation-trigger")) == ([], [])


# --- kills


@pytest.mark.parametrize("applied", [False, True])
def test_killed_at_any_step_all_are_renewed_and_counted_once(bea, monkeypatch, applied):
    """Each commit in turn is the last thing that a first attempt does, or does not get done."""
    users = ["ann", "ben", "cat"]
    for user in users[1:]:
        join(bea, user)
    monkeypatch.setattr("jobs.gmail_watch_renewal.renewing._PAGE", 2)
    commits, killed = 0, True
    while killed:
        for user in users:
            end_in(bea, HOUR, user)
        run = bea.submit(gmail_watch_renewal, tenant="")
        with knife(bea.documents, after=commits, applied=applied) as cut:
            killed = not attempted(bea, run)
        assert killed == bool(cut)
        if killed:
            assert bea.attempt(gmail_watch_renewal, run).renewed_count == 3
        assert all(ends(bea, user) > bea.documents.now() + WEEK - HOUR for user in users)
        commits += 1
    assert commits > 5


def attempted(world, run) -> bool:
    """Whether an attempt came to its end."""
    try:
        world.attempt(gmail_watch_renewal, run)
    except Killed:
        return False
    return True
