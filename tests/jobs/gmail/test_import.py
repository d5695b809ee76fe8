"""gmail-import: what comes of messages, over HTTP, from a Gmail that follows its documents."""

from __future__ import annotations

import pytest

from common.errors import InvalidInput
from common.integrations import NeedsReauth, NoSuchIntegration
from jobs.gmail_import import gmail_import
from tests.jobs.gmail.messages import PDF, forwarding, message
from tests.jobs.gmail.world import ANN


def test_what_is_attached_is_kept_and_listed(world):
    world.connect()
    id = world.mailbox.add(message(("invoice.pdf", PDF), ("rows.csv", b"a,b\n", "text/csv")))
    world.mailbox.add(message(subject="nothing in it"))
    result = world.do(gmail_import, user="ann", query="from:shop.example")
    assert (result.messages, result.files, result.new, result.skipped_count) == (2, 2, 2, 0)
    assert result.complete
    first, second = world.manifest(result)
    assert world.content(first) == PDF
    assert world.content(second) == b"a,b\n"
    assert (first.name, first.content_type, first.size) == (
        "invoice.pdf",
        "application/pdf",
        len(PDF),
    )
    assert first.uri.startswith(world.blobs.uri("tenants/t1/imports/gmail"))
    assert first.origin == {
        "message": id,
        "thread": id,
        "sender": "Shop <billing@shop.example>",
        "subject": "Your invoice",
        "date": "2023-11-14T22:13:21Z",
        "part": "1",
    }


def test_importing_twice_duplicates_nothing_though_ids_of_attachments_change(anywhere):
    anywhere.connect()
    for number in range(3):
        anywhere.mailbox.add(message(("invoice.pdf", PDF + bytes([number]))))
    first = anywhere.do(gmail_import, user="ann", query="has:attachment")
    kept = anywhere.kept()
    asked = anywhere.google.seen.count("gmail.users.messages.attachments.get")
    again = anywhere.do(gmail_import, user="ann", query="has:attachment")
    assert (first.new, again.new, again.unchanged, again.files) == (3, 0, 3, 3)
    assert anywhere.kept() == kept
    assert len(kept) == 3
    assert anywhere.google.seen.count("gmail.users.messages.attachments.get") == asked
    assert anywhere.manifest(again) == anywhere.manifest(first)


def test_what_is_new_comes_beside_what_was_there(world):
    world.connect()
    world.mailbox.add(message(("a.pdf", PDF)))
    world.do(gmail_import, user="ann", query="has:attachment")
    world.mailbox.add(message(("b.pdf", PDF)))
    result = world.do(gmail_import, user="ann", query="has:attachment")
    assert (result.new, result.unchanged) == (1, 1)
    assert [file.name for file in world.manifest(result)] == ["b.pdf", "a.pdf"]


def test_messages_are_taken_by_their_ids_each_once(world):
    world.connect()
    ids = [world.mailbox.add(message((f"{n}.pdf", PDF))) for n in range(3)]
    result = world.do(gmail_import, user="ann", messages=[ids[2], ids[0], ids[2]])
    assert [file.name for file in world.manifest(result)] == ["2.pdf", "0.pdf"]
    assert "gmail.users.messages.list" not in world.google.seen


def test_spam_and_trash_are_searched_if_asked_for(world):
    world.connect()
    for label in ("INBOX", "SPAM", "TRASH"):
        world.mailbox.add(message((f"{label}.pdf", PDF)), label)
    assert world.do(gmail_import, user="ann", query="has:attachment").files == 1
    assert world.do(gmail_import, user="ann", query="has:attachment", spam=True).files == 3


def test_a_search_of_many_pages(world):
    world.connect()
    world.mailbox.page = 2
    for number in range(7):
        world.mailbox.add(message((f"{number}.pdf", PDF)))
    result = world.do(gmail_import, user="ann", query="has:attachment", most_messages=6)
    assert (result.messages, result.files, result.complete) == (6, 6, False)
    asked = world.google.seen.count("gmail.users.messages.list")
    world.do(gmail_import, user="ann", query="has:attachment", most_messages=2)
    assert world.google.seen.count("gmail.users.messages.list") == asked + 2
    assert world.do(gmail_import, user="ann", query="subject:invoice").complete


@pytest.mark.parametrize("inline", [0, 10_000])
def test_content_comes_in_the_message_or_by_an_id(world, inline):
    world.connect()
    world.mailbox.inline = inline
    contents = [bytes(range(n)) for n in range(1, 9)]  # of each length of padding
    world.mailbox.add(message(*((f"{n}.bin", c) for n, c in enumerate(contents))))
    result = world.do(gmail_import, user="ann", query="has:attachment")
    assert [world.content(file) for file in world.manifest(result)] == contents
    asked = world.google.seen.count("gmail.users.messages.attachments.get")
    assert asked == (0 if inline else len(contents))


@pytest.mark.parametrize("forwards", ["opened", "closed", "bare"])
@pytest.mark.parametrize(
    ("forwarded", "names"),
    [
        ("files", ["inner.pdf", "deep.pdf"]),
        ("message", ["message.eml"]),
        ("both", ["message.eml", "inner.pdf", "message.eml", "deep.pdf"]),
    ],
)
def test_a_forwarded_message_gives_its_files_or_itself(world, forwards, forwarded, names):
    world.connect()
    world.mailbox.forwards = forwards
    inner = forwarding(message(("deep.pdf", PDF)))
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="inner.pdf")
    outer = forwarding(inner)
    world.mailbox.add(outer)
    result = world.do(gmail_import, user="ann", query="subject:fwd", forwarded=forwarded)
    files = world.manifest(result)
    assert sorted(file.name for file in files) == sorted(names)
    assert all(world.content(file) == PDF for file in files if file.name.endswith(".pdf"))
    for file in files:
        if file.name == "message.eml":
            assert b"deep.pdf" in world.content(file)
            assert file.content_type == "message/rfc822"
    again = world.do(gmail_import, user="ann", query="subject:fwd", forwarded=forwarded)
    assert (again.new, again.unchanged) == (0, len(names))


@pytest.mark.parametrize("forwards", ["opened", "closed", "bare"])
def test_a_forwarded_message_without_files_is_a_file(world, forwards):
    world.connect()
    world.mailbox.forwards = forwards
    world.mailbox.add(forwarding(message(text="The total is 12 EUR.")))
    (file,) = world.manifest(world.do(gmail_import, user="ann", query="subject:fwd"))
    assert (file.name, file.content_type) == ("message.eml", "message/rfc822")
    assert b"The total is 12 EUR." in world.content(file)


def test_only_files_of_wanted_names_and_types(world):
    world.connect()
    world.mailbox.add(
        message(("Rechnung.PDF", PDF), ("a.png", b"p", "image/png"), ("b.txt", b"t", "text/plain"))
    )

    def names(**wanted):
        result = world.do(gmail_import, user="ann", query="has:attachment", **wanted)
        return [file.name for file in world.manifest(result)]

    assert names(names=["*.pdf"]) == ["Rechnung.PDF"]
    assert names(names=["rech*", "b.*"]) == ["Rechnung.PDF", "b.txt"]
    assert names(types=["image/*"]) == ["a.png"]
    assert names(types=["image/*"], names=["*.pdf"]) == []


def test_another_tenant_and_another_user_reach_nothing(world):
    world.connect()
    world.mailbox.add(message(("a.pdf", PDF)))
    for tenant, user in (("t2", "ann"), ("t1", "bob"), ("", "ann"), ("t1", ANN)):
        with pytest.raises(NoSuchIntegration):
            world.do(gmail_import, tenant=tenant, user=user, query="has:attachment")
    with pytest.raises(InvalidInput, match="reach"):
        world.do(gmail_import, user="ann", query="a", destination="tenants/t2/x")
    assert world.google.seen == []


def test_revoked_consent_ends_the_run_for_good(world):
    world.connect()
    world.google.oauth.revoke(ANN)
    run = world.submit(gmail_import, user="ann", query="a")
    with pytest.raises(NeedsReauth):
        world.attempt(gmail_import, run)
    assert world.runs.get(run.id).state == "failed"
    found = world.integrations.find(tenant="t1", user="ann")
    assert found.status == "needs_reauth"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"query": "a", "messages": ["18c"]},
        {"query": " "},
        {"messages": ["../x"]},
        {"messages": ["a/b"]},
        {"query": "a\nb"},
        {"query": "a", "most_messages": 0},
        {"query": "a", "body": "pdf"},
        {"query": "a", "more": 1},
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_asked(params):
    with pytest.raises(InvalidInput):
        gmail_import.validate({"user": "ann", **params})
