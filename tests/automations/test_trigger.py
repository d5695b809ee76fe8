"""Which messages a trigger lets start something."""

from __future__ import annotations

import time as clock

import pytest

from common.automations import Message, Trigger
from common.errors import InvalidInput

MESSAGE = Message(
    sender='"Shop, Accounts" <Billing@Mail.Shop.example>',
    subject="Rechnung Nr. 4711 für März",
    text="Please find attached the invoice for your order.",
    labels=("INBOX", "Label_7", "Bills"),
    attachments=("RECHNUNG-4711.PDF", "logo.png"),
)


@pytest.mark.parametrize(
    "trigger",
    [
        Trigger(),
        Trigger(senders=("billing@mail.shop.example",)),
        Trigger(senders=("nobody@else.example", "@shop.example")),
        Trigger(senders=("@MAIL.shop.example",)),
        Trigger(subject="märz rechnung"),
        Trigger(query="invoice 4711 shop"),
        Trigger(label="bills"),
        Trigger(label="Label_7"),
        Trigger(filenames=("*.zip", "rechnung-*.pdf")),
        Trigger(has_attachment=False),
    ],
)
def test_a_message_that_meets_all_rules_matches(trigger):
    assert trigger.matches(MESSAGE)


@pytest.mark.parametrize(
    "trigger",
    [
        Trigger(senders=("@hop.example",)),
        Trigger(senders=("accounts@shop.example",)),
        Trigger(subject="Rechnung April"),
        Trigger(query="invoice refund"),
        Trigger(label="Receipts"),
        Trigger(filenames=("*.docx",)),
        Trigger(senders=("@shop.example",), filenames=("*.zip",)),
    ],
)
def test_a_message_that_fails_one_rule_does_not(trigger):
    assert not trigger.matches(MESSAGE)


@pytest.mark.parametrize(
    "sender",
    [
        '"billing@shop.example" <mallory@evil.example>',
        "billing@shop.example <mallory@evil.example>",
        "billing@shop.example, mallory@evil.example",
        "mallory@evil.example\r\nFrom: billing@shop.example",
        "<billing@shop.example@evil.example>",
        "billing@shop.example.evil.example",
        "mallory@evilshop.example",
        "",
    ],
)
def test_a_sender_is_known_by_the_one_address_and_by_no_name(sender):
    assert not Trigger(senders=("@shop.example", "billing@shop.example")).matches(
        Message(sender=sender, attachments=("a.pdf",))
    )


def test_without_an_attachment_only_a_trigger_that_asks_for_none_matches():
    bare = Message(sender="a@b.example", subject="x")
    assert not Trigger(subject="x").matches(bare)
    assert Trigger(subject="x", has_attachment=False).matches(bare)
    assert not Trigger(has_attachment=False, filenames=("*",)).matches(bare)


def test_a_pattern_cannot_take_for_ever():
    began = clock.monotonic()
    message = Message(attachments=("a" * 5_000,) * 20)
    assert not Trigger(filenames=("*a" * 90 + "b",)).matches(message)
    assert clock.monotonic() - began < 5


@pytest.mark.parametrize(
    "values",
    [
        {"senders": ("shop.example",)},
        {"senders": ("a b@shop.example",)},
        {"subject": "x" * 201},
        {"filenames": ("*.pdf",) * 60},
    ],
)
def test_what_cannot_be_a_trigger_is_refused(values):
    with pytest.raises(InvalidInput):
        Trigger(**values)
