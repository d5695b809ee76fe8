"""Consents as they are kept, on each store."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from common.documents import Conflict, Create, Update
from common.errors import InvalidInput
from common.integrations import (
    COLLECTION,
    Cipher,
    Integrations,
    NeedsReauth,
    NoSuchIntegration,
    Undecipherable,
    pages,
)
from common.integrations.integration import id_of
from common.runs import NewerSchema, Permanent

SECRET = {"refresh_token": "1//canary-refresh", "client_secret": "canary-client"}
ANN = {"tenant": "t1", "user": "ann"}


def save(integrations, secret=SECRET, **more):
    return integrations.save(**{**ANN, **more}, secret=secret)


def test_a_consent_is_kept_and_found(integrations):
    saved = save(integrations, account="Ann@Example.com", scopes=["drive", "gmail"])
    assert integrations.get(**ANN) == integrations.find(**ANN) == saved
    assert (saved.account, saved.scopes) == ("ann@example.com", ("drive", "gmail"))
    assert (saved.status, saved.why, saved.since) == ("active", "", None)
    assert integrations.secret(saved) == SECRET


def test_without_one_there_is_an_error_that_says_so(integrations):
    save(integrations)
    assert integrations.find(tenant="t1", user="bob") is None
    for other in ({"user": "bob"}, {"tenant": "t2"}, {"tenant": ""}, {"provider": "microsoft"}):
        with pytest.raises(NoSuchIntegration, match="has connected no account"):
            integrations.get(**{**ANN, **other})


def test_tenants_have_users_of_the_same_name_and_never_meet(integrations):
    for tenant in ("", "t1", "t2"):
        save(integrations, {"token": tenant}, tenant=tenant)
    found = [integrations.get(tenant=tenant, user="ann") for tenant in ("", "t1", "t2")]
    assert [integrations.secret(each)["token"] for each in found] == ["", "t1", "t2"]
    assert [each.tenant for each in integrations.list(tenant="t2")] == ["t2"]
    assert sorted(each.tenant for each in integrations.list()) == ["", "t1", "t2"]


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=2, max_size=2, unique=True))
def test_no_two_have_the_same_id(pair):
    one, other = pair
    assert id_of(*one) != id_of(*other)


def test_a_document_shows_no_secret(integrations, documents):
    saved = save(integrations)
    kept = json.dumps(documents.get(COLLECTION, saved.id).data, default=str)
    assert "canary" not in kept
    assert "canary" not in repr(saved) + str(saved) + repr(integrations)
    assert saved.sealed not in repr(saved) + str(saved)


def test_a_secret_copied_to_another_users_document_is_not_theirs(integrations, documents):
    mine = save(integrations)
    other = save(integrations, {"refresh_token": "theirs"}, user="bob")
    documents.commit([Update(COLLECTION, other.id, {"secret": mine.sealed}, other.version)])
    with pytest.raises(Undecipherable, match="copied from another integration"):
        integrations.secret(integrations.get(tenant="t1", user="bob"))


def test_a_document_under_another_users_id_is_not_theirs(integrations, documents):
    data = dict(documents.get(COLLECTION, save(integrations).id).data)
    documents.commit([Create(COLLECTION, id_of("t1", "bob", "google"), data)])
    assert integrations.find(tenant="t1", user="bob") is None


def test_whose_an_account_is_is_found_over_tenants(integrations):
    for tenant, user in (("t1", "ann"), ("t2", "anna")):
        save(integrations, tenant=tenant, user=user, account="ann@example.com")
    save(integrations, user="bob", account="bob@example.com")
    save(integrations, user="eve", account="ann@example.com", provider="other")
    found = integrations.by_account("google", "ANN@example.com")
    assert sorted((each.tenant, each.user) for each in found) == [("t1", "ann"), ("t2", "anna")]
    assert integrations.by_account("google", "nobody@example.com") == []


def test_all_pages_are_listed(integrations, monkeypatch):
    monkeypatch.setattr(pages, "_PAGE", 2)
    users = [f"u{number}" for number in range(7)]
    for user in users:
        save(integrations, user=user)
    assert sorted(each.user for each in integrations.list()) == users
    assert sorted(each.user for each in integrations.list(tenant="t1")) == users


def test_a_consent_that_is_taken_no_more_is_told_from_then_on(integrations):
    saved = save(integrations)
    error = integrations.needs_reauth(saved, "invalid_grant")
    assert isinstance(error, NeedsReauth)
    assert isinstance(error, Permanent)
    found = integrations.find(**ANN)
    assert (found.status, found.why) == ("needs_reauth", "invalid_grant")
    assert found.since >= saved.updated
    with pytest.raises(NeedsReauth, match=r"^needs_reauth: .*'ann'.*invalid_grant") as caught:
        integrations.get(**ANN)
    assert caught.value.since == found.since


def test_since_when_is_not_changed_by_whoever_finds_it_out_too(integrations):
    saved = save(integrations)
    integrations.needs_reauth(saved, "first")
    since = integrations.find(**ANN).since
    integrations.needs_reauth(saved, "second")
    found = integrations.find(**ANN)
    assert (found.why, found.since) == ("first", since)


def test_a_new_consent_makes_it_active(integrations):
    saved = save(integrations)
    integrations.needs_reauth(saved, "invalid_grant")
    anew = save(integrations, {"refresh_token": "new"})
    assert (anew.status, anew.why, anew.since, anew.created) == ("active", "", None, saved.created)
    assert integrations.secret(integrations.get(**ANN)) == {"refresh_token": "new"}


def test_a_late_word_about_the_old_consent_does_not_touch_the_new_one(integrations):
    old = save(integrations)
    save(integrations, {"refresh_token": "new"})
    integrations.needs_reauth(old, "invalid_grant")
    assert integrations.find(**ANN).status == "active"


def test_of_what_was_removed_nothing_is_noted(integrations):
    saved = save(integrations)
    assert integrations.remove(**ANN)
    assert not integrations.remove(**ANN)
    integrations.needs_reauth(saved, "invalid_grant")
    assert integrations.find(**ANN) is None
    with pytest.raises(NoSuchIntegration):
        integrations.note(saved, watch={"history": "1"})
    assert integrations.find(**ANN) is None


def test_a_watch_is_noted_and_stays_while_the_account_does(integrations):
    saved = save(integrations, account="a@example.com")
    assert integrations.note(saved, watch={"history": "1"}).watch == {"history": "1"}
    assert save(integrations, account="a@example.com").watch == {"history": "1"}
    assert save(integrations, account="b@example.com").watch is None


def test_who_notes_exclusively_is_told_that_others_wrote(integrations):
    saved = save(integrations)
    newer = integrations.note(saved, exclusively=True, watch={"history": "2"})
    with pytest.raises(Conflict):
        integrations.note(saved, exclusively=True, watch={"history": "1"})
    assert (
        integrations.note(newer, exclusively=True, watch={"history": "3"}).watch["history"] == "3"
    )


def test_an_account_that_is_noted_is_found_however_it_is_written(integrations):
    saved = save(integrations)
    integrations.note(saved, account="Ann@Example.com")
    (found,) = integrations.by_account("google", "ann@EXAMPLE.com")
    assert (found.id, found.account) == (saved.id, "ann@example.com")


def test_nothing_else_is_noted(integrations):
    with pytest.raises(InvalidInput, match="has no secret that could be noted"):
        integrations.note(save(integrations), secret="x")


def test_rotation_gives_all_the_newest_key_and_the_old_one_can_go(integrations, documents, key):
    users = ["ann", "bob", "eve"]
    for user in users:
        save(integrations, {"token": user}, user=user)
    new = Fernet.generate_key().decode()
    both = Integrations(documents, Cipher([new, key]))
    save(both, {"token": "ann"}, user="ann")
    done = both.rotate()
    assert (done.changed, done.unchanged, done.unreadable) == (2, 1, ())
    assert both.rotate().unchanged == 3
    alone = Integrations(documents, Cipher([new]))
    assert [alone.secret(alone.get(tenant="t1", user=user))["token"] for user in users] == users


def test_what_no_key_decrypts_is_left_alone_and_named(integrations, documents):
    lost = save(integrations)
    other = Integrations(documents, Cipher([Fernet.generate_key().decode()]))
    save(other, user="bob")
    done = other.rotate()
    assert (done.changed, done.unchanged, done.unreadable) == (0, 1, (lost.id,))
    assert integrations.secret(integrations.get(**ANN)) == SECRET


def test_a_consent_that_is_renewed_while_keys_are_changed_is_kept(integrations, documents, key):
    save(integrations)
    both = Integrations(documents, Cipher([Fernet.generate_key().decode(), key]))
    seal, renewed = both._cipher.seal, []

    def meanwhile(id, secret):
        if not renewed:
            renewed.append(save(integrations, {"refresh_token": "new"}))
        return seal(id, secret)

    both._cipher.seal = meanwhile
    assert both.rotate().changed == 1
    assert both.secret(both.get(**ANN)) == {"refresh_token": "new"}


def test_what_a_newer_runjobs_wrote_is_left_alone(integrations, documents):
    saved = save(integrations)
    documents.commit([Update(COLLECTION, saved.id, {"schema": 2}, saved.version)])
    before = documents.get(COLLECTION, saved.id)
    for act in (lambda: integrations.get(**ANN), lambda: save(integrations)):
        with pytest.raises(NewerSchema):
            act()
    newer = Integrations(documents, Cipher([Fernet.generate_key().decode()]))
    assert newer.rotate().unreadable == (saved.id,)
    assert documents.get(COLLECTION, saved.id) == before


@pytest.mark.parametrize(
    "names",
    [
        {"user": ""},
        {"user": "a\0b"},
        {"user": "\ud800"},
        {"user": "x" * 321},
        {"tenant": "t\n1"},
        {"account": "a\0"},
        {"provider": ""},
    ],
)
def test_what_names_nobody_is_refused(names, integrations):
    with pytest.raises(InvalidInput, match=next(iter(names))):
        save(integrations, **names)
    assert integrations.list() == []


@pytest.mark.parametrize(
    "secret",
    [{"canary": object()}, {"canary": {1, 2}}, {"canary": b"canary"}, {"token": "canary" * 20_000}],
)
def test_what_is_no_secret_is_refused_and_not_shown(secret, integrations):
    with pytest.raises(InvalidInput, match="secret") as caught:
        save(integrations, secret)
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert integrations.list() == []
