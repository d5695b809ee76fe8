"""Access tokens: renewed when they have to be, and what it means when they are not."""

from __future__ import annotations

import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from common.errors import Misconfigured
from common.google import BadAnswer, GoogleError, NoAnswer, revoke
from common.integrations import NeedsReauth
from tests.google.conftest import ANN
from tests.services.google import Fault, Google


def status(integrations):
    return integrations.find(tenant="t1", user="ann").status


def test_one_token_is_for_many_calls(account, google):
    for _ in range(5):
        account.get("drive", "files")
    assert google.seen == ["token", *["drive.files.list"] * 5]


def test_threads_renew_it_once_together(account, google):
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: account.get("drive", "files"), range(40))]
    assert found == [{"files": []}] * 40
    assert google.oauth.renewals == 1


def test_one_that_has_expired_is_renewed_and_the_call_repeated(account, google):
    account.get("drive", "files")
    google.oauth.expire()
    assert account.post("drive", "files", {"name": "a"}) == {"id": "made-0", "name": "a"}
    assert google.seen[2:] == ["drive.files.create", "token", "drive.files.create"]


def test_one_that_is_refused_again_and_again_is_an_error_that_may_pass(
    account, google, integrations
):
    google.fail("drive.files.list", Fault(manner="unauthorized"), times=100)
    with pytest.raises(NoAnswer, match="took no access token"):
        account.get("drive", "files")
    assert status(integrations) == "active"


@pytest.mark.parametrize(
    "error",
    [
        "invalid_grant",
        "invalid_grant invalid_rapt",
        "unauthorized_client",
        "invalid_scope",
        "access_denied",
        "admin_policy_enforced",
        "account_disabled",
    ],
)
def test_consent_that_is_gone_is_noted_and_nothing_is_tried_again(
    error, google, integrations, open_one
):
    account = open_one()
    account.get("drive", "files")
    google.oauth.revoke(ANN, *error.split())
    error = error.replace(" ", ", ")
    with pytest.raises(NeedsReauth, match=error) as caught:
        account.get("drive", "files")
    assert google.seen[2:] == ["drive.files.list", "token"]
    found = integrations.find(tenant="t1", user="ann")
    assert (found.status, found.why) == ("needs_reauth", caught.value.why)
    with pytest.raises(NeedsReauth, match=error):
        open_one()
    assert len(google.seen) == 4


def test_consent_anew_makes_all_well(google, integrations, open_one):
    google.oauth.revoke(ANN)
    with pytest.raises(NeedsReauth):
        open_one().get("drive", "files")
    integrations.save(tenant="t1", user="ann", secret=google.oauth.grant(ANN), account=ANN)
    assert open_one().get("drive", "files") == {"files": []}


def test_a_token_without_a_way_to_renew_it_needs_consent(google, integrations, open_one):
    secret = {**google.oauth.grant(ANN), "refresh_token": ""}
    integrations.save(tenant="t1", user="ann", secret=secret)
    with pytest.raises(NeedsReauth, match="no refresh token"):
        open_one()
    assert status(integrations) == "needs_reauth"


@pytest.mark.parametrize("fault", [500, 503, 429, Fault(manner="reset"), Fault(manner="cut")])
def test_a_token_that_cannot_be_had_now_is_asked_for_again(fault, account, google, integrations):
    google.fail("token", fault, times=2)
    assert account.post("drive", "files", {"name": "a"})["id"] == "made-0"
    assert google.seen == ["token", "token", "token", "drive.files.create"]
    assert status(integrations) == "active"


def test_when_it_may_be_asked_for_again_is_heeded(account, google, time):
    google.fail("token", 503, Retry_After="20")
    account.get("drive", "files")
    assert 20 <= time.elapsed <= 21


def test_tokens_that_cannot_be_had_at_all_are_an_error_that_may_pass(account, google, integrations):
    google.fail("token", 503, times=100)
    with pytest.raises(NoAnswer, match="renewal of an access token now: 503"):
        account.get("drive", "files")
    assert status(integrations) == "active"
    assert 4 < google.oauth.renewals + google.seen.count("token") < 30


@pytest.mark.parametrize("manner", ["garbage", "empty"])
def test_garbage_for_a_token_is_an_error_that_may_pass(manner, account, google, integrations):
    google.fail("token", Fault(manner=manner), times=100)
    with pytest.raises(BadAnswer, match="no token"):
        account.get("drive", "files")
    assert status(integrations) == "active"


@pytest.mark.parametrize(
    "said",
    [
        {"access_token": "ya29.canary\u2026"},
        {"access_token": "ya29.canary\r\nHost: evil"},
        {"access_token": " "},
        {"access_token": ["ya29.canary"]},
        {"expires_in": "canary"},
        {"expires_in": 10**30},
        {"expires_in": {}},
    ],
)
def test_a_token_that_cannot_be_used_is_an_error_that_may_pass(
    said, account, google, integrations, monkeypatch
):
    good = google.oauth.answer
    monkeypatch.setattr(google.oauth, "answer", lambda form: _with(good(form), said))
    with pytest.raises(BadAnswer) as caught:
        account.get("drive", "files")
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert status(integrations) == "active"


def _with(answer, said):
    return replace(answer, json={**answer.json, **said})


@pytest.mark.parametrize("error", ["temporarily_unavailable", "slow_down", "some text", ""])
def test_no_unknown_refusal_costs_a_user_the_consent(error, account, google, integrations):
    google.oauth.revoke(ANN, error or "?")
    with pytest.raises(BadAnswer, match="no known reason"):
        account.get("drive", "files")
    assert status(integrations) == "active"


def test_an_oauth_client_that_is_not_taken_is_no_users_fault(
    google, integrations, open_one, monkeypatch
):
    secret = google.oauth.grant(ANN)
    del secret["client_secret"]
    integrations.save(tenant="t1", user="ann", secret=secret)
    monkeypatch.setenv("GOOGLE_CLIENT_SECRET", "canary")
    with pytest.raises(Misconfigured, match=r"invalid_client.*GOOGLE_CLIENT_ID") as caught:
        open_one().get("drive", "files")
    assert "canary" not in str(caught.value)
    assert status(integrations) == "active"


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
def test_the_oauth_client_is_a_setting_where_the_consent_does_not_say_it(
    name, google, integrations, open_one, monkeypatch
):
    secret = google.oauth.grant(ANN)
    del secret[name]
    integrations.save(tenant="t1", user="ann", secret=secret)
    assert open_one().get("drive", "files") == {"files": []}
    monkeypatch.delenv(f"GOOGLE_{name.upper()}")
    with pytest.raises(Misconfigured, match=f"GOOGLE_{name.upper()} is not set"):
        open_one()


def test_where_to_renew_it_is_not_for_the_consent_to_say(google, integrations, open_one):
    with Google() as other:
        secret = {**google.oauth.grant(ANN), "token_uri": f"{other.url}/token"}
        integrations.save(tenant="t1", user="ann", secret=secret)
        open_one().get("drive", "files")
        assert other.seen == []
    assert google.oauth.renewals == 1


@pytest.mark.parametrize("fault", [500, 400, 302, Fault(manner="reset")])
def test_consent_that_could_not_be_given_back_is_an_error_without_the_token(
    fault, google, integrations, connected, open_one
):
    google.fail("revoke", fault)
    with pytest.raises(GoogleError) as caught:
        revoke(integrations, connected)
    assert not [each for each in google.oauth.secrets if each in str(caught.value)]
    revoke(integrations, connected)
    revoke(integrations, connected)
    with pytest.raises(NeedsReauth):
        open_one().get("drive", "files")
