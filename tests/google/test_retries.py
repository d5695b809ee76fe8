"""What is tried again, when, how often; and what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import limits
from common.errors import Misconfigured
from common.google import (
    AlreadyThere,
    BadAnswer,
    Changed,
    Forbidden,
    Gone,
    GoogleError,
    MissingScope,
    NoAnswer,
    NotFound,
    Rejected,
    StorageUsedUp,
    Throttled,
)
from common.integrations import NeedsReauth
from common.runs import Retryable
from common.runtime.failures import failure
from tests.services.google import Fault


def count(google, method="drive.files.list"):
    return google.seen.count(method)


@pytest.mark.parametrize("fault", [500, 502, 503, 504, 429, 408, Fault(manner="reset")])
def test_what_may_pass_is_tried_again(fault, account, google, time):
    google.fail("drive.files.list", fault, times=3)
    assert account.get("drive", "files") == {"files": []}
    assert count(google) == 4
    assert 1.75 <= time.elapsed <= 3.5  # 0.5, 1 and 2 s, of each a share between half and all


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
def test_too_many_calls_are_told_from_no_right(reason, account, google):
    google.fail("drive.files.list", Fault(status=403, reason=reason), times=2)
    assert account.get("drive", "files") == {"files": []}


def test_the_wait_that_is_asked_for_is_the_least(account, google, time):
    google.fail("drive.files.list", 503, Retry_After="17")
    google.fail("drive.files.list", 429, Retry_After="3")
    account.get("drive", "files")
    assert 20 <= time.elapsed <= 22


def test_those_who_were_told_the_same_do_not_come_back_together(open_one, google, time):
    ends = set()
    for _ in range(5):
        google.fail("drive.files.list", 503, Retry_After="5")
        begin = time.elapsed
        open_one().get("drive", "files")
        ends.add(time.elapsed - begin)
    assert len(ends) == 5


def test_a_wait_beyond_all_patience_is_left_to_the_run(account, google, time):
    google.fail("drive.files.list", 503, Retry_After="3600", times=2)
    with pytest.raises(NoAnswer) as caught:
        account.get("drive", "files")
    assert (count(google), time.elapsed) == (1, 0)
    assert failure(caught.value).after == 3600
    assert failure(caught.value).retryable


def test_patience_ends(open_one, google, time):
    google.fail("drive.files.list", 503, times=1000)
    with pytest.raises(NoAnswer):
        open_one(patience=60).get("drive", "files")
    assert 30 <= time.elapsed <= 60
    assert 4 < count(google) < 12


def test_the_runs_deadline_ends_it_sooner(open_one, google, time, documents):
    time.rule(documents)
    google.fail("drive.files.list", 503, times=1000)
    account = open_one(deadline=documents.now() + timedelta(seconds=10))
    with pytest.raises(NoAnswer):
        account.get("drive", "files")
    assert time.elapsed <= 10
    time.advance(100)
    with pytest.raises(NoAnswer):
        account.get("drive", "files")


def test_an_account_has_so_many_retries_and_no_more(account, google):
    """Where most calls fail, to try each many times only makes it worse."""
    google.fail("drive.files.list", 503, times=10_000)
    for _ in range(20):
        with pytest.raises(NoAnswer):
            account.get("drive", "files")
    assert count(google) == 20 + 30


def test_what_succeeds_earns_retries_anew(account, google):
    google.fail("drive.files.list", 503, times=1000)
    for _ in range(6):
        with pytest.raises(NoAnswer):
            account.get("drive", "files")
    google.faults._next.clear()
    for _ in range(20):
        account.get("drive", "files")
    google.fail("drive.files.list", 503, times=1)
    assert account.get("drive", "files") == {"files": []}


@pytest.mark.parametrize(
    "fault", [500, 503, Fault(manner="lost"), Fault(manner="garbage"), Fault(manner="cut")]
)
def test_what_may_have_been_done_is_not_done_again(fault, account, google):
    google.fail("drive.files.create", fault)
    with pytest.raises((NoAnswer, BadAnswer)) as caught:
        account.post("drive", "files", {"name": "a"})
    assert count(google, "drive.files.create") == 1
    assert not caught.value.harmless


@pytest.mark.parametrize("fault", [429, Fault(status=403, reason="rateLimitExceeded")])
def test_what_was_certainly_not_done_is(fault, account, google, shelf):
    google.fail("drive.files.create", fault, times=2)
    account.post("drive", "files", {"name": "a"})
    assert shelf.made == [{"name": "a"}]


def test_what_may_be_done_twice_is_done_again(account, google, shelf):
    google.fail("drive.files.create", Fault(manner="lost"))
    account.post("drive", "files", {"name": "a"}, repeat=True)
    assert shelf.made == [{"name": "a"}] * 2


def test_nobody_there_is_an_error_that_may_pass(open_one, google):
    account = open_one(patience=5)
    account.get("drive", "files")
    google._server.shutdown()
    google._server.server_close()
    fresh = open_one(patience=5)
    with pytest.raises(NoAnswer) as caught:
        fresh.post("drive", "files", {"name": "a"})
    assert caught.value.harmless
    assert isinstance(caught.value, Retryable)


LASTING = [
    (400, "invalid", Rejected),
    (400, "failedPrecondition", Rejected),
    (404, "notFound", NotFound),
    (409, "alreadyExists", AlreadyThere),
    (410, "deleted", Gone),
    (403, "forbidden", Forbidden),
    (403, "insufficientFilePermissions", Forbidden),
    (403, "cannotDownloadAbusiveFile", Forbidden),
    (403, "exportSizeLimitExceeded", Forbidden),
    (403, "domainPolicy", Forbidden),
    (403, "storageQuotaExceeded", StorageUsedUp),
    (403, "insufficientPermissions", MissingScope),
    (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", MissingScope),
    (403, "accessNotConfigured", Misconfigured),
    (413, "uploadTooLarge", Rejected),
]


@pytest.mark.parametrize(("status", "reason", "error"), LASTING)
def test_what_lasts_is_asked_once_and_ends_the_run(status, reason, error, account, google):
    google.fail("drive.files.list", Fault(status=status, reason=reason, message="Said so."))
    with pytest.raises(error) as caught:
        account.get("drive", "files")
    assert type(caught.value) is error
    assert not failure(caught.value).retryable
    assert count(google) == 1
    if isinstance(caught.value, GoogleError) and error is not MissingScope:
        assert (caught.value.status, caught.value.reason) == (status, reason)
        assert "Said so" in str(caught.value)


def test_a_scope_that_is_missing_needs_consent_but_does_not_take_the_others_away(
    account, google, integrations
):
    google.fail("drive.files.list", Fault(status=403, reason="insufficientPermissions"))
    with pytest.raises(NeedsReauth, match="not cover this: GET drive files needs a scope"):
        account.get("drive", "files")
    assert integrations.find(tenant="t1", user="ann").status == "active"


def test_a_condition_that_holds_no_more_is_for_the_caller_to_look_at_again(account, google):
    google.fail("drive.files.list", Fault(status=412, reason="conditionNotMet"))
    with pytest.raises(Changed) as caught:
        account.get("drive", "files")
    assert count(google) == 1
    assert failure(caught.value).retryable


def test_a_limiter_knows_of_too_many_calls(account, google):
    google.fail("drive.files.list", 429, Retry_After="500")
    with pytest.raises(Throttled) as caught:
        account.get("drive", "files")
    assert isinstance(caught.value, limits.Throttled)
    assert caught.value.after == failure(caught.value).after == 500


def test_a_days_calls_that_are_used_up_are_waited_for_by_the_run(account, google):
    google.fail("drive.files.list", Fault(status=403, reason="dailyLimitExceeded"))
    with pytest.raises(Throttled) as caught:
        account.get("drive", "files")
    assert (count(google), failure(caught.value).after) == (1, 3600)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"error": 1}', b'{"error": {"errors": 1}}', b"[" * 99_999]
)
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_that_says_nothing_is_one_all_the_same(body, status):
    from common.google.answers import error_of

    error = error_of(status, {}, body, what="GET x", user="ann")
    assert isinstance(error, GoogleError)
    assert str(status) in str(error)
