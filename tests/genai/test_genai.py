"""What calls of Google's models share: bounded, paced, and told of without secrets."""

from __future__ import annotations

import sys
import threading

import pytest

from common.errors import Misconfigured
from common.genai import Access, NoAnswer, Pending, brief, connect
from common.genai.settings import base_url, pace

SECRETS = [
    "Bearer canary.canary",
    "authorization: bearer canary",
    "ya29.canary-canary",
    "key AIzaCANARYcanary",
    "https://example.com/v1?key=canary&alt=json",
    'access_token": "canary"',
    "API key AQ.canaryCanaryCanaryCanary_1 is not valid",
]


class Stopped(BaseException):
    """What says that we are to stop."""


@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_is_in_what_is_told(text):
    told = brief(f"Refused:\n {text}")
    assert "[secret]" in told
    assert "canary" not in told.lower()


def test_what_is_told_is_one_short_line():
    assert brief("a\n  b") == "a b"
    assert len(brief("x" * 9_000)) == 500


@pytest.mark.parametrize("per_minute", [2, 9, 10, 50, 120, 100_000])
def test_no_minute_holds_more_than_it_may_not_even_after_a_quiet_one(per_minute):
    per_second, burst = pace(per_minute)
    assert burst + 60 * per_second <= per_minute
    assert 60 * per_second >= per_minute / 2


def test_an_answer_that_does_not_come_is_not_waited_for():
    never = threading.Event()
    try:
        with pytest.raises(NoAnswer):
            Pending(never.wait).result(0.05)
    finally:
        never.set()


def test_waiting_ends_with_the_run_and_what_comes_late_is_had_yet():
    go = threading.Event()

    def stop() -> None:
        raise Stopped

    def call() -> str:
        go.wait()
        return "late"

    pending = Pending(call)
    with pytest.raises(Stopped):
        pending.result(60, stop)
    assert pending.late(0.01, despite=Stopped) is None
    go.set()
    assert pending.late(60, despite=Stopped) == "late"


@pytest.mark.parametrize("url", ["http://example.com", "localhost:80", "http://[::1", "ftp://a"])
def test_no_secret_is_sent_where_others_can_read_it(url):
    with pytest.raises(Misconfigured, match="WHERE="):
        base_url({"WHERE": url}, "WHERE")


@pytest.mark.parametrize(
    ("url", "anonymous"),
    [(None, False), ("https://proxy.example", False), ("http://127.0.0.1:9", True)],
)
def test_only_a_stand_in_on_this_machine_gets_no_true_token(url, anonymous):
    assert base_url({"WHERE": url or ""}, "WHERE") == url
    assert Access(base_url=url).anonymous is anonymous


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.genai", None)
    with pytest.raises(Misconfigured, match=r"Veo needs google-genai: .*runjobs\[veo\]"):
        connect(Access(), timeout=1, whose="Veo", extra="veo")
