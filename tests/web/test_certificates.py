"""Certificates are fetched seldom, and again when keys change."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.errors import Misconfigured, Unavailable
from common.web.access.certificates import Certificates, fetched
from tests.web import tokens

HOUR = 3600.0


class Server:
    """What is fetched, and how often."""

    def __init__(self) -> None:
        self.ids = ["one"]
        self.seconds: float | None = HOUR
        self.away = False
        self.asked = 0

    def __call__(self, url: str):
        assert url == "https://certs"
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        return {id: tokens.certificate(id) for id in self.ids}, self.seconds


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def certificates(server, time) -> Certificates:
    return Certificates("https://certs", fetch=server, clock=time.clock)


def test_they_are_fetched_once_in_their_time(certificates, server, time):
    for _ in range(100):
        assert certificates.key("one")
        time.advance(HOUR / 101)
    assert server.asked == 1
    time.advance(HOUR)
    assert certificates.key("one")
    assert server.asked == 2


@pytest.mark.parametrize(("said", "kept"), [(0.0, 300), (None, 3600), (1e9, 86400)])
def test_they_are_kept_for_a_reasonable_time(certificates, server, time, said, kept):
    server.seconds = said
    certificates.key("one")
    time.advance(kept - 1)
    certificates.key("one")
    assert server.asked == 1
    time.advance(2)
    certificates.key("one")
    assert server.asked == 2


def test_a_new_key_is_found_within_a_minute(certificates, server, time):
    assert certificates.key("one")
    server.ids = ["one", "two"]
    time.advance(60)
    assert certificates.key("two")
    assert server.asked == 2


def test_a_key_that_is_gone_holds_no_longer_once_they_are_fetched(certificates, server, time):
    assert certificates.key("one")
    server.ids = ["two"]
    time.advance(60)
    assert certificates.key("two")
    assert certificates.key("one") is None


def test_keys_that_are_made_up_do_not_have_them_fetched_each_time(certificates, server, time):
    for number in range(1000):
        assert certificates.key(f"made up {number}") is None
        time.advance(0.1)
    assert server.asked == 2


def test_while_they_cannot_be_had_the_old_ones_hold_for_an_hour(certificates, server, time):
    assert certificates.key("one")
    server.away = True
    time.advance(HOUR + 1)
    assert certificates.key("one")
    time.advance(HOUR)
    with pytest.raises(Unavailable):
        certificates.key("one")
    server.away = False
    time.advance(60)
    assert certificates.key("one")


def test_who_never_had_any_says_so_and_tries_again_a_minute_later(certificates, server, time):
    server.away = True
    for _ in range(10):
        with pytest.raises(Unavailable):
            certificates.key("one")
    assert server.asked == 1
    server.away = False
    time.advance(60)
    assert certificates.key("one")


def test_many_who_ask_at_once_fetch_once(server, time):
    gate = threading.Barrier(16)
    certificates = Certificates("https://certs", fetch=server, clock=time.clock)

    def ask(_):
        gate.wait()
        return certificates.key("one")

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(ask, range(16)))
    assert server.asked == 1


# --- over HTTP


def test_they_come_with_the_time_that_they_hold():
    with tokens.certs() as server:
        found, seconds = fetched(server.url)
        assert (list(found), seconds) == (["one"], 3600)
        server.headers = {}
        assert fetched(server.url)[1] is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"<html>", b"[" * 100_000])
def test_what_is_none_is_no_certificate(body):
    with tokens.certs() as server:
        server.body = body
        with pytest.raises(Unavailable):
            fetched(server.url)


def test_an_error_is_not_taken_for_certificates():
    with tokens.certs() as server:
        server.status = 500
        with pytest.raises(Unavailable):
            fetched(server.url)
    with pytest.raises(Unavailable):
        fetched(server.url)


def test_what_is_no_url_of_the_web_is_refused():
    with pytest.raises(Misconfigured, match="RUNJOBS_OIDC_CERTS"):
        fetched("file:///etc/passwd")


def test_one_that_cannot_be_read_spoils_no_other(time):
    def fetch(_):
        return {"bad": "no PEM", "worse": 1, "one": tokens.certificate("one")}, HOUR

    certificates = Certificates("https://certs", fetch=fetch, clock=time.clock)
    assert certificates.key("one")
    assert certificates.key("bad") is None
