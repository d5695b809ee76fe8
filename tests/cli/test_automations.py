"""runjobs automations: kept, shown, switched off, removed."""

from __future__ import annotations


def test_an_automation_is_added_shown_disabled_and_removed(runjobs, inside):
    rules = ("--sender", "@shop.example", "--filename", "*.pdf", "--filename", "*.zip")
    whose = ("--user", "ann@acme.example", "--tenant", "acme")
    made = ("--source", "gmail:", "--schema", "invoice", "--format", "csv")
    added = runjobs("automations", "add", "Bills", *made, *whose, *rules, "--json")
    assert added.code == 0, added.err
    kept = added.json
    assert kept["created"].endswith("Z")
    assert kept["template"]["formats"] == ["csv"]
    assert kept["trigger"]["filenames"] == ["*.pdf", "*.zip"]
    assert inside("automations", "list", "--tenant", "acme", "--json").json == [kept]
    assert inside("automations", "list", "--tenant", "other", "--json").json == []
    shown = inside("automations", "show", kept["id"])
    assert "senders: @shop.example" in shown.out
    assert "messages" in inside("automations", "list").out
    assert inside("automations", "disable", kept["id"], "--json").json["enabled"] is False
    assert "disabled" in inside("automations", "list").out
    assert inside("automations", "enable", kept["id"], "--json").json["enabled"] is True
    assert inside("automations", "remove", kept["id"]).code == 0
    gone = inside("automations", "show", kept["id"])
    assert (gone.code, f"no automation {kept['id']}" in gone.err) == (2, True)


def test_an_automation_that_could_not_work_is_refused(inside):
    said = inside("automations", "add", "Bad", "--source", "in", "--schema", "invoicex")
    assert (said.code, "There is no schema 'invoicex'" in said.err) == (2, True)
    said = inside("automations", "add", "Bad", "--source", "gmail:", "--schema", "invoice")
    assert (said.code, "whose Google account" in said.err) == (2, True)
    assert inside("automations", "list", "--json").json == []
