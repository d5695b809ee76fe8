"""automation-trigger: from a notification to a run for each message and automation, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.automations import Automations
from common.errors import InvalidInput
from common.google import NoAnswer
from jobs.automation_trigger import automation_trigger
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, hasty, mark, notify, ready
from tests.jobs.gmail.world import ANN, World
from tests.services.google import Fault

HISTORY = "gmail.users.history.list"
LIST = "gmail.users.messages.list"
GET = "gmail.users.messages.get"


@pytest.fixture
def ann(anywhere) -> World:
    """One who has connected her account and made an automation for PDFs."""
    return ready(anywhere)


@pytest.fixture
def bea(world) -> World:
    """Likewise, on a laptop's store only."""
    return ready(world)


def test_a_message_that_matches_starts_the_automation(ann):
    id = ann.mailbox.add(message(("a.pdf", PDF)))
    ann.mailbox.add(message(subject="no file"))
    result = notify(ann)
    (run,) = ann.children()
    assert (result.integrations, result.messages, result.started) == (1, 2, [run.id])
    assert (run.tenant, run.job) == ("t1", "run-initializer")
    assert handled(ann) == {(ann.automation.id, id)}
    assert mark(ann) == ann.mailbox.history_id
    assert "automation-tasks" in ann.looked


def test_the_same_notification_again_does_nothing(ann):
    ann.mailbox.add(message(("a.pdf", PDF)))
    notify(ann)
    asked = len(ann.google.seen)
    again = notify(ann)
    assert (again.integrations, again.messages, again.started) == (1, 0, [])
    assert len(ann.google.seen) == asked
    assert len(ann.children()) == 1


def test_an_older_notification_does_nothing(ann):
    older = ann.mailbox.history_id + 1
    ann.mailbox.add(message(("a.pdf", PDF)))
    notify(ann)
    asked, at = len(ann.google.seen), mark(ann)
    assert notify(ann, history=older).messages == 0
    assert (len(ann.google.seen), mark(ann)) == (asked, at)


def test_a_notification_that_claims_too_much_moves_nothing_too_far(ann):
    """Anybody of the tenant may write one; where the mark goes only Gmail says."""
    notify(ann, tenant="t1", history=2**64 - 1)
    assert mark(ann) == ann.mailbox.history_id
    id = ann.mailbox.add(message(("a.pdf", PDF)))
    notify(ann)
    assert handled(ann) == {(ann.automation.id, id)}


def test_pages_of_history(ann):
    ann.mailbox.page = 2
    ids = {ann.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(5)}
    notify(ann)
    assert {id for _, id in handled(ann)} == ids
    assert ann.google.seen.count(HISTORY) == 3


def test_only_what_came_counts_and_not_what_else_happened(bea):
    known = bea.mailbox.add(message(("a.pdf", PDF)), silent=True)
    bea.mailbox.label(known, "Label_1")
    for labels in (("DRAFT",), ("SENT",), ("SPAM",), ("TRASH",), ("CHAT",)):
        bea.mailbox.add(message(("a.pdf", PDF)), *labels)
    gone = bea.mailbox.add(message(("a.pdf", PDF)))
    bea.mailbox.remove(gone)
    to_herself = bea.mailbox.add(message(("a.pdf", PDF)), "SENT", "INBOX")
    notify(bea)
    assert handled(bea) == {(bea.automation.id, to_herself)}


def test_each_automation_that_matches_is_started(bea):
    shop = automate(bea, senders=("@shop.example",), filenames=("*.pdf",))
    automate(bea, senders=("@other.example",))
    automate(bea, enabled=False)
    label = automate(bea, label="invoices", has_attachment=False)
    first = bea.mailbox.add(message(("a.pdf", PDF)))
    second = bea.mailbox.add(message(), "INBOX", "Label_1")
    notify(bea)
    assert handled(bea) == {(bea.automation.id, first), (shop.id, first), (label.id, second)}


def test_headers_suffice_where_no_trigger_asks_for_files(world):
    world.connect()
    automate(world, has_attachment=False, subject="invoice")
    world.mailbox.clock = lambda: int(world.documents.now().timestamp() * 1000) + 1_000
    world.mailbox.add(message())
    notify(world)
    forms = {asked.get("format") for asked in world.google.asked if asked.method == GET}
    assert forms == {"metadata"}
    assert len(handled(world)) == 1


def test_what_came_before_an_automation_was_made_does_not_start_it(bea):
    then = int(bea.documents.now().timestamp() * 1000) - 60_000
    bea.mailbox.add(message(("a.pdf", PDF)), date=then)
    notify(bea)
    assert handled(bea) == set()


def test_without_automations_the_mark_goes_on_and_no_message_is_read(world):
    world.connect()
    world.mailbox.add(message(("a.pdf", PDF)))
    notify(world)
    assert mark(world) == world.mailbox.history_id
    assert world.google.seen[1:] == ["gmail.users.getProfile"]


# --- a history that Gmail has forgotten


def test_a_history_that_is_too_old_has_all_recent_messages_looked_at(ann):
    known = ann.mailbox.add(message(("a.pdf", PDF)))
    notify(ann)
    missed = [ann.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(3)]
    ann.mailbox.add(message(subject="no file"))
    ann.mailbox.forget()
    result = notify(ann)
    assert result.resynced == 1
    assert {id for _, id in handled(ann)} == {known, *missed}
    assert mark(ann) == ann.mailbox.history_id
    later = ann.mailbox.add(message(("l.pdf", PDF)))
    notify(ann)
    assert {id for _, id in handled(ann)} == {known, *missed, later}


def test_a_resync_asks_for_nothing_older_than_the_automation_and_a_week(bea):
    bea.mailbox.forget()
    bea.integrations.note(bea.integrations.find(tenant="t1", user="ann"), watch={"history": "1"})
    old = int((bea.automation.created - timedelta(days=3)).timestamp() * 1000)
    bea.mailbox.add(message(("old.pdf", PDF)), date=old)
    new = bea.mailbox.add(message(("new.pdf", PDF)))
    notify(bea)
    assert handled(bea) == {(bea.automation.id, new)}
    (asked,) = [each for each in bea.google.asked if each.method == LIST]
    since = int(bea.automation.created.timestamp())
    assert asked.get("q") == f"after:{since} has:attachment"


def test_a_resync_of_many_pages_with_senders(bea):
    trigger = {"senders": ("a@x.example", "@shop.example"), "filenames": ("*.pdf",)}
    shop = automate(bea, **trigger)
    Automations(bea.documents).remove(bea.automation.id)
    bea.mailbox.page = 2
    bea.mailbox.forget()
    wanted = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(5)}
    bea.mailbox.add(message(("a.pdf", PDF), sender="z@z.example"))
    bea.mailbox.forget()
    notify(bea)
    assert handled(bea) == {(shop.id, id) for id in wanted}


def test_an_account_of_which_nothing_is_known_is_looked_at_as_a_whole(bea):
    bea.integrations.note(bea.integrations.find(tenant="t1", user="ann"), watch=None)
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    assert notify(bea, history=None).resynced == 1
    assert handled(bea) == {(bea.automation.id, id)}
    assert mark(bea) == bea.mailbox.history_id


def test_what_else_is_noted_of_the_watch_stays(bea):
    found = bea.integrations.find(tenant="t1", user="ann")
    bea.integrations.note(found, watch={"history": "1000", "expires": "2026-12-01"})
    bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    watch = bea.integrations.find(tenant="t1", user="ann").watch
    assert watch == {"history": str(bea.mailbox.history_id), "expires": "2026-12-01"}


# --- several who connected the account, and errors of one of them


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


def test_one_message_that_always_fails_keeps_the_others_for_three_attempts(bea, monkeypatch):
    hasty(monkeypatch)
    bad, good = (bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(2))
    taken = bea.gmail.methods()[GET]

    def failing(asked):
        from tests.services.google import refused

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
        {"subscription": "../x"},
        {"subscription": "http://evil.example/x"},
        {"subscription": "projects/p/subscriptions/a/b"},
    ],
)
def test_what_is_wrong_is_refused(params):
    with pytest.raises(InvalidInput):
        automation_trigger.validate(params)
