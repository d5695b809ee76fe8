"""Accounts that users connected, by the command line."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import Fernet

from tests.services.google import Google

ANN = ("--user", "ann", "--tenant", "t1")


@pytest.fixture
def environment(environment):
    return {**environment, "ENCRYPTION_KEY": Fernet.generate_key().decode()}


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "ann.json"
    written.write_text(json.dumps({"refresh_token": "1//canary", "client_secret": "canary"}))
    return str(written)


def test_an_account_is_added_listed_and_removed(inside, file):
    said = inside("integrations", "add", file, *ANN, "--account", "Ann@Example.com")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("ann is connected to google as ann@example.com: integration ")
    listed = inside("integrations", "list", "--json")
    (found,) = listed.json
    assert (found["tenant"], found["user"], found["status"]) == ("t1", "ann", "active")
    assert found["created"].endswith("Z")
    table = inside("integrations", "list", "--tenant", "t1")
    assert "ann@example.com" in table.out
    assert "canary" not in said.out + listed.out + table.out
    assert inside("integrations", "list", "--tenant", "t2", "--json").json == []
    assert inside("integrations", "remove", *ANN).code == 0
    again = inside("integrations", "remove", *ANN)
    assert (again.code, again.out) == (2, "")
    assert "No account" in inside("integrations", "list").err


def test_no_file_of_the_home_holds_the_secret(runjobs, file, home):
    runjobs("integrations", "add", file, *ANN)
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"t1" in kept
    assert b"canary" not in kept


def test_google_is_asked_whose_account_it_is(inside):
    with Google() as google:
        secret = json.dumps(google.oauth.grant("ann@example.com", "openid", "email"))
        call = ("integrations", "add", "-", *ANN, "--check", "--json")
        said = inside(*call, stdin=secret, env=google.environment)
        assert said.json["account"] == "ann@example.com"
        google.oauth.revoke("ann@example.com")
        said = inside(*call, stdin=secret, env=google.environment)
        assert said.code == 1
        assert "needs_reauth" in said.err
        assert not any(each in said.err for each in google.oauth.secrets)
    (found,) = inside("integrations", "list", "--json").json
    assert (found["status"], found["why"]) == (
        "needs_reauth",
        "Google renews no access token (invalid_grant)",
    )


@pytest.mark.parametrize("ask", [("add", "-", "--check"), ("remove", "--revoke")])
def test_nobody_but_google_is_asked(inside, file, ask):
    other = (*ANN, "--provider", "other")
    inside("integrations", "add", file, *other, "--account", "ann")
    act, *rest = ask
    secret = json.dumps({"refresh_token": "x"})
    said = inside("integrations", act, *rest, *other, stdin=secret)
    assert said.code == 2
    assert "google only" in said.err
    (kept,) = inside("integrations", "list", "--json").json
    assert kept["account"] == "ann"


def test_google_forgets_it_first_where_that_is_asked_for(inside):
    with Google() as google:
        secret = json.dumps(google.oauth.grant("ann@example.com"))
        inside("integrations", "add", "-", *ANN, stdin=secret)
        remove = ("integrations", "remove", *ANN, "--revoke")
        google.fail("revoke", 503)
        said = inside(*remove, env=google.environment)
        assert (said.code, said.out) == (1, "")
        assert len(inside("integrations", "list", "--json").json) == 1
        assert inside(*remove, env=google.environment).code == 0
        assert inside("integrations", "list", "--json").json == []
        inside("integrations", "add", "-", *ANN, stdin=secret)
        assert inside(*remove, env=google.environment).code == 0
        assert google.seen == ["revoke"] * 3


def test_the_key_is_changed(inside, file, environment):
    inside("integrations", "add", file, *ANN)
    new = Fernet.generate_key().decode()
    both = {"ENCRYPTION_KEY": f"{new},{environment['ENCRYPTION_KEY']}"}
    counts = {"changed": 1, "unchanged": 0, "unreadable": []}
    assert inside("integrations", "rotate", "--json", env=both).json == counts
    said = inside("integrations", "rotate", env={"ENCRYPTION_KEY": new})
    assert said.out == "0 now have the newest key, 1 had it already.\n"
    lost = inside("integrations", "rotate")
    assert lost.code == 1
    assert "no key in ENCRYPTION_KEY decrypts integration" in lost.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 60_000,
        b'{"token": "canary"}',
        b'{"refresh_token": 1}',
        b'{"type": "service_account", "refresh_token": "canary", "private_key": "canary"}',
    ],
    ids=range(8),
)
def test_what_is_no_authorized_user_is_refused_and_not_shown(content, inside, tmp_path):
    (tmp_path / "file").write_bytes(content)
    said = inside("integrations", "add", str(tmp_path / "file"), *ANN)
    assert (said.code, said.out) == (2, "")
    assert "authorized user" in said.err
    assert "canary" not in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("key", [None, "", "canary", "a,b"])
def test_without_a_good_key_nothing_is_kept_and_the_key_is_not_shown(key, inside, file):
    said = inside("integrations", "add", file, *ANN, env={"ENCRYPTION_KEY": key})
    assert said.code == 1
    assert "Fernet.generate_key" in said.err
    assert "canary" not in said.err
    assert inside("integrations", "list", "--json").json == []
