"""Automations as they are kept, on each store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.automations import Automation, Automations, NoSuchAutomation, Template, Trigger
from common.automations.store import AUTOMATIONS, Changed
from common.documents import Update
from common.errors import InvalidInput

BILLS = Automation(
    tenant="acme",
    user="ann@acme.example",
    name="Bills",
    template=Template(sources=("gmail:",), schema="invoice", export="drive:folder/0A1B2C3D4E"),
    trigger=Trigger(senders=("@shop.example",), filenames=("*.pdf", "*.zip"), label="Bills"),
)


@pytest.fixture
def automations(documents) -> Automations:
    return Automations(documents)


def test_an_automation_comes_back_as_it_was_saved(automations):
    saved = automations.save(BILLS)
    assert automations.get(saved.id) == saved
    assert saved.created == saved.updated is not None
    plain = Template(sources=("a.zip", "drive:file/12345"), schema='{"type": "object"}')
    other = automations.save(Automation(name="By hand", user="ann", template=plain))
    assert automations.get(other.id) == other


def test_a_tenant_finds_its_own_only(automations):
    saved = automations.save(BILLS)
    assert automations.get(saved.id, tenant="acme") == saved
    for attempt in (automations.get, automations.remove, automations.enable):
        with pytest.raises(NoSuchAutomation, match=saved.id):
            attempt(saved.id, tenant="other")
    assert automations.get(saved.id) == saved


def test_they_are_listed_by_tenant_and_user_in_order_of_their_names(automations):
    bills = automations.save(BILLS)
    alms = automations.save(replace(BILLS, name="alms", user="bob@acme.example"))
    others = automations.save(replace(BILLS, tenant="other"))
    assert [found.id for found in automations.list(tenant="acme")] == [alms.id, bills.id]
    assert automations.list(tenant="acme", user="bob@acme.example") == [alms]
    assert {found.id for found in automations.list()} == {bills.id, alms.id, others.id}
    assert automations.list(user=BILLS.user, tenant="nobody") == []


def test_messages_start_those_that_are_enabled_and_have_a_trigger(automations):
    bills = automations.save(BILLS)
    automations.save(replace(BILLS, name="By hand", trigger=None))
    of_ann = {"tenant": "acme", "user": BILLS.user}
    assert [found.id for found in automations.starting(**of_ann)] == [bills.id]
    assert not automations.enable(bills.id, enabled=False).enabled
    assert [*automations.starting(**of_ann)] == []
    assert automations.enable(bills.id).enabled


def test_a_change_from_what_is_no_longer_there_is_refused(automations):
    saved = automations.save(BILLS)
    newer = automations.save(replace(saved, name="All bills"))
    with pytest.raises(Changed, match=saved.id):
        automations.save(replace(saved, name="Some bills"))
    assert automations.get(saved.id) == newer
    assert newer.created == saved.created


def test_what_is_removed_is_gone_and_is_not_enabled_into_being(automations):
    saved = automations.save(BILLS)
    automations.remove(saved.id)
    for attempt in (automations.get, automations.remove, automations.enable):
        with pytest.raises(NoSuchAutomation, match=saved.id):
            attempt(saved.id)


def test_what_newer_code_has_added_is_left(automations, documents):
    saved = automations.save(BILLS)
    data = documents.get(AUTOMATIONS, saved.id).data
    newer = {"colour": "red", "template": {**data["template"], "language": "da"}}
    documents.commit([Update(AUTOMATIONS, saved.id, newer, saved.version)])
    assert automations.get(saved.id).template == BILLS.template


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 201}, "200"),
        ({"user": ""}, "whose account"),
    ],
)
def test_what_cannot_be_an_automation_is_refused(change, says):
    with pytest.raises(InvalidInput, match=says):
        replace(BILLS, **change)
