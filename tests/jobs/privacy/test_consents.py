"""Consents of users who opted out are given back to Google, and forgotten whatever it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from common.integrations import Cipher, Integrations
from tests.jobs.gmail.notices import hasty
from tests.jobs.privacy.town import Town
from tests.jobs.privacy.watches import end_in
from tests.services.google import Fault

ANN = "ann@example.com"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch) -> None:
    monkeypatch.setattr("jobs.opt_out_data_cleanup.consent._PAUSES", (0.0, 0.0))
    hasty(monkeypatch)


@pytest.fixture
def town(world) -> Town:
    """Ann has connected her account, and opted out eight days ago."""
    made = Town(world)
    made.user("t1", "ann", days=8)
    made.user("t1", "stays")
    world.connect(ANN)
    return made


def is_known(town: Town, user: str = "ann", tenant: str = "t1") -> bool:
    return town.world.integrations.find(tenant=tenant, user=user) is not None


def revocations(town: Town) -> int:
    return town.world.google.seen.count("revoke")


def consents(town: Town, account: str = ANN) -> list[bool]:
    """Of each consent of the account, whether Google still takes it."""
    found = town.world.google.oauth._consents.values()
    return [not each.error for each in found if each.account == account]


def test_google_forgets_the_consent_and_publishes_nothing_more(town):
    end_in(town.world, timedelta(days=3))
    town.world.mailbox.watched = {"topicName": "t"}
    result = town.clean()
    assert (result.success, result.unrevoked_count) == (True, 0)
    assert (consents(town), is_known(town)) == ([False], False)
    assert town.world.mailbox.watched is None


def test_one_that_google_has_forgotten_already_is_none_to_forget(town):
    end_in(town.world, timedelta(days=3))
    town.world.google.oauth.revoke(ANN)
    assert town.clean().unrevoked_count == 0
    assert not is_known(town)


@pytest.mark.parametrize(("tenant", "user"), [("t2", "ann"), ("t1", "stays")])
def test_an_account_by_which_another_acts_stays_allowed(town, tenant, user):
    town.world.connect(ANN, tenant=tenant, user=user)
    assert town.clean().unrevoked_count == 0
    assert (consents(town), revocations(town)) == ([True, True], 0)
    assert (is_known(town), is_known(town, user, tenant)) == (False, True)


def test_a_failure_that_passes_is_tried_again(town):
    town.world.google.fail("revoke", 503, times=2)
    assert town.clean().unrevoked_count == 0
    assert (revocations(town), consents(town)) == (3, [False])


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(manner="reset"), Fault(status=400)])
def test_one_that_google_does_not_take_waits_for_two_weeks_and_no_longer(town, fault):
    town.world.google.fail("revoke", fault, times=100)
    result = town.clean()
    assert (result.success, result.users_count, result.waiting_count) == (False, 0, 1)
    assert "a consent has to stay: Google" in result.waiting[0].reasons[0]
    assert is_known(town)
    now = town.documents.now() + timedelta(days=14)
    town.documents.now = lambda: now
    result = town.clean()
    assert (result.success, result.users_count, result.unrevoked_count) == (True, 1, 1)
    assert not is_known(town)


def test_one_that_no_key_decrypts_waits_as_long(town):
    other = Integrations(town.documents, Cipher([Fernet.generate_key().decode()]))
    other.save(tenant="t1", user="ann", account=ANN, secret={"refresh_token": "1//x"})
    assert town.clean().waiting_count == 1
    assert town.clean(revoke_days=0).unrevoked_count == 1
    assert not is_known(town)


def test_no_token_is_told(town):
    town.world.google.fail("revoke", 503, times=100)
    told = town.clean().model_dump_json()
    found = [document.data for document in town.documents.query(_tallies())]
    for secret in town.world.google.oauth.secrets:
        assert secret not in told + str(found)


def _tallies():
    from common.documents import Query

    return Query("opt_outs")
