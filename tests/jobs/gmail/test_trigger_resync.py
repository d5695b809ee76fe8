"""automation-trigger where Gmail has forgotten what happened, or nobody knew it."""

from __future__ import annotations

from datetime import timedelta

from common.automations import Automations
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, mark, notify

HISTORY = "gmail.users.history.list"
LIST = "gmail.users.messages.list"


def test_a_history_that_is_forgotten_while_it_is_read(bea):
    bea.mailbox.page = 2
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(5)}
    answer = bea.google._handlers[HISTORY]

    def forget(asked):
        found = answer(asked)
        bea.mailbox.forget()
        return found

    bea.google._handlers[HISTORY] = forget
    assert notify(bea).resynced == 1
    assert {id for _, id in handled(bea)} == ids
    assert mark(bea) == bea.mailbox.history_id


def test_a_history_that_is_too_old_has_all_recent_messages_looked_at(bea):
    known = bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    missed = [bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(3)]
    bea.mailbox.add(message(subject="no file"))
    bea.mailbox.forget()
    result = notify(bea)
    assert result.resynced == 1
    assert {id for _, id in handled(bea)} == {known, *missed}
    assert mark(bea) == bea.mailbox.history_id
    later = bea.mailbox.add(message(("l.pdf", PDF)))
    notify(bea)
    assert {id for _, id in handled(bea)} == {known, *missed, later}


def test_what_comes_while_all_is_looked_at_is_not_missed(bea):
    bea.mailbox.add(message(("a.pdf", PDF)))
    bea.mailbox.forget()
    bea.integrations.note(bea.integrations.find(tenant="t1", user="ann"), watch={"history": "1"})
    answer, late = bea.google._handlers[LIST], []

    def come(asked):
        found = answer(asked)
        late.append(bea.mailbox.add(message(("late.pdf", PDF))))
        return found

    bea.google._handlers[LIST] = come
    assert notify(bea).resynced == 1
    notify(bea)
    assert (bea.automation.id, late[0]) in handled(bea)
    assert len(handled(bea)) == 2


def test_a_resync_asks_for_nothing_older_than_the_automation_and_a_week(bea):
    bea.mailbox.forget()
    bea.integrations.note(bea.integrations.find(tenant="t1", user="ann"), watch={"history": "1"})
    old = int((bea.automation.created - timedelta(days=3)).timestamp() * 1000)
    bea.mailbox.add(message(("old.pdf", PDF)), date=old)
    new = bea.mailbox.add(message(("new.pdf", PDF)))
    notify(bea)
    assert handled(bea) == {(bea.automation.id, new)}
    (asked,) = [each for each in bea.google.asked if each.method == LIST]
    since = int(bea.automation.created.timestamp()) - 1
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
