"""automation-trigger: from a notification to a run for each message and automation, once."""

from __future__ import annotations

import pytest

from common.google import NoAnswer
from tests.jobs.gmail.messages import PDF, message
from tests.jobs.gmail.notices import automate, handled, hasty, mark, notify
from tests.services.google import refused

HISTORY = "gmail.users.history.list"
GET = "gmail.users.messages.get"


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


def test_the_same_notification_again_does_nothing(bea):
    bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    asked = len(bea.google.seen)
    again = notify(bea)
    assert (again.integrations, again.messages, again.started) == (1, 0, [])
    assert len(bea.google.seen) == asked
    assert len(bea.children()) == 1


def test_an_older_notification_does_nothing(bea):
    older = bea.mailbox.history_id + 1
    bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    asked, at = len(bea.google.seen), mark(bea)
    assert notify(bea, history=older).messages == 0
    assert (len(bea.google.seen), mark(bea)) == (asked, at)


def test_a_notification_that_claims_too_much_moves_nothing_too_far(bea):
    """Anybody of the tenant may write one; where the mark goes only Gmail says."""
    notify(bea, tenant="t1", history=2**64 - 1)
    assert mark(bea) == bea.mailbox.history_id
    id = bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    assert handled(bea) == {(bea.automation.id, id)}


def test_pages_of_history(bea):
    bea.mailbox.page = 2
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(5)}
    notify(bea)
    assert {id for _, id in handled(bea)} == ids
    assert bea.google.seen.count(HISTORY) == 3


def test_failed_between_two_pages_it_goes_on_behind_the_first(bea, monkeypatch):
    hasty(monkeypatch)
    bea.mailbox.page = 2
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(5)}
    answer = bea.google._handlers[HISTORY]

    def down(asked):
        return refused(503, "backendError") if asked.get("pageToken") else answer(asked)

    bea.google._handlers[HISTORY] = down
    with pytest.raises(NoAnswer):
        notify(bea)
    assert len(handled(bea)) == 2
    bea.google._handlers[HISTORY] = answer
    assert notify(bea).messages == 3
    assert {id for _, id in handled(bea)} == ids


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
    assert world.google.seen[1:] == [HISTORY]


def test_what_comes_right_after_an_automation_was_made_is_not_missed(bea):
    """Made while the history is being asked for, when those that there are were long known."""
    answer, made = bea.google._handlers[HISTORY], []

    def make(asked):
        bea.google._handlers[HISTORY] = answer
        made.append(automate(bea, subject="invoice"))
        made.append(bea.mailbox.add(message(("late.pdf", PDF))))
        return answer(asked)

    bea.google._handlers[HISTORY] = make
    first = bea.mailbox.add(message(("a.pdf", PDF)))
    notify(bea)
    late, id = made
    both = {(bea.automation.id, first), (bea.automation.id, id), (late.id, id)}
    assert handled(bea) - {(late.id, first)} == both


def test_what_comes_while_pages_are_read_is_another_times(bea):
    answer = bea.google._handlers[HISTORY]
    bea.mailbox.page = 2
    ids = {bea.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(3)}

    def come(asked):
        found = answer(asked)
        bea.google._handlers[HISTORY] = answer
        ids.update(bea.mailbox.add(message((f"late-{n}.pdf", PDF))) for n in range(5))
        return found

    bea.google._handlers[HISTORY] = come
    at = bea.mailbox.history_id
    notify(bea)
    assert mark(bea) == at
    assert len(handled(bea)) == 3
    notify(bea)
    assert {id for _, id in handled(bea)} == ids


def test_reading_begins_where_watching_did(bea):
    from common.google import open_account

    before = bea.mailbox.add(message(("before.pdf", PDF)))
    with open_account(
        bea.documents, tenant="t1", user="ann", integrations=bea.integrations
    ) as account:
        said = account.post("gmail", "users/me/watch", {"topicName": "projects/p/topics/t"})
    watch = {"history": said["historyId"], "expires": said["expiration"]}
    bea.integrations.note(account.integration, watch=watch)
    after = bea.mailbox.add(message(("after.pdf", PDF)))
    notify(bea)
    assert handled(bea) == {(bea.automation.id, after)}
    assert before != after


def test_what_a_message_was_handled_by_is_known_for_longer_than_it_is_looked_at_again():
    from jobs.automation_trigger.reading import AGE
    from jobs.run_initializer import run_initializer

    assert run_initializer.keep is None or run_initializer.keep >= 2 * AGE
