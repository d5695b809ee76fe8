"""What is sent arrives as it was meant, once, and nowhere else; whatever is answered comes back."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fetch import (
    FetchError,
    FetchTimedOut,
    Guard,
    NotFetched,
    RefusedHeader,
    RefusedURL,
    ServerBusy,
    TooLarge,
    refusal,
    send,
)
from common.fetch.headers import checked
from tests.fetch.memory import fetch_bytes
from tests.fetch.peer import Peer, answering, dripping, redirecting
from tests.fetch.spans import assert_in_time
from tests.fetch.test_refusals import HOSTS

CANARY = "canary-6b1f"


class Taking:
    """A server's talk: takes a whole request, and answers as another one does."""

    def __init__(self, talk=None):
        self.requests = []
        self.talk = talk or answering(b"{}")

    def __call__(self, connection, request):
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in lines}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        self.requests.append((head.partition(b"\r\n")[0].decode(), headers, body))
        self.talk(connection, request)


@pytest.fixture
def taking(peer):
    peer.talk = Taking()
    return peer.talk


@pytest.fixture
def url(peer):
    return f"http://files.example:{peer.port}/hook?key={CANARY}"


def test_json_arrives_and_its_answer_comes_back(url, taking, guard):
    taking.talk = answering(b'{"a": 1}', status="201 Made", X_Id="7", Content_Type="a/b")
    status, headers, body = send(url, json={"ä": [1]}, headers={"X-Key": "k"}, guard=guard)
    assert (status, headers["X-Id"], body) == (201, "7", b'{"a": 1}')
    ((line, sent, got),) = taking.requests
    assert line == f"POST /hook?key={CANARY} HTTP/1.1"
    assert (sent["content-type"], sent["x-key"]) == ("application/json", "k")
    assert sent["content-length"] == str(len(got))
    assert json.loads(got) == {"ä": [1]}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_bytes_arrive_by_any_method(method, url, taking, guard):
    body = b"\0\r\n\r\nPOST /other HTTP/1.1\r\n\r\n" * 20_000
    data = None if method == "GET" else body
    send(url, method=method, data=data, headers={"content-type": "image/png"}, guard=guard)
    ((line, headers, got),) = taking.requests
    assert line.startswith(f"{method} /hook?")
    assert (headers["content-type"], got) == ("image/png", data or b"")


@pytest.mark.parametrize("status", [204, 301, 400, 401, 404, 409, 429, 500, 503])
def test_no_status_is_an_error_of_its_own(status, url, taking, guard):
    body = b"" if status == 204 else b"why"
    taking.talk = answering(body, status=f"{status} S", Location="/x", Retry_After="9")
    answer = send(url, json={}, guard=guard)
    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (status, body, "9")
    assert len(taking.requests) == 1


def test_what_a_status_says_of_trying_again_is_told_as_fetch_tells_it():
    busy, refused = refusal("a", 503, {"Retry-After": "9"}), refusal("a", 404, {})
    assert isinstance(busy, ServerBusy)
    assert busy.after == 9
    assert isinstance(refused, NotFetched)
    assert refused.status == 404


def test_a_redirect_is_not_followed(url, peer, guard):
    peer.talk = redirecting(f"http://other.example:{peer.port}/")
    assert send(url, json={}, guard=guard).status == 302
    assert peer.connections == 1


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_is_sent_to_an_address_inside(host, peer):
    ours = Guard(schemes=frozenset({"http", "https"}), ports=frozenset({peer.port}))
    for scheme in ("http", "https"):
        # A name that is none may be one that cannot be looked up just now.
        with pytest.raises((RefusedURL, FetchError)) as caught:
            send(f"{scheme}://{host}:{peer.port}/", json={}, seconds=10, guard=ours)
        assert not getattr(caught.value, "sent", False)
    assert peer.connections == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "a\nX-B: b"},
        {"X-A": "a\rb"},
        {"X-A": f"{CANARY}\0"},
        {"X-A": f" {CANARY}"},
        {"X-A": "a\u2028b"},
        {"X-A": "\ud800"},
        {"X-A": "a" * 9_000},
        {"X-A\r\nX-B": "a"},
        {"X A": "a"},
        {"X-A:": "a"},
        {"": "a"},
        {"Host": "inside"},
        {"HOST": "inside"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "keep-alive"},
        {"Upgrade": "h2c"},
    ],
)
def test_a_header_that_would_make_it_another_request_is_refused(headers, url, peer, guard):
    for ask in (lambda: send(url, json={}, headers=headers, guard=guard), lambda: fetch_bytes(
        url, headers=headers, guard=guard
    )):  # fmt: skip
        with pytest.raises(RefusedHeader) as caught:
            ask()
        assert CANARY not in str(caught.value)
    assert peer.connections == 0


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3))
def test_no_header_that_is_let_pass_holds_a_line_break(headers):
    with contextlib.suppress(RefusedHeader):
        for name, value in checked(headers).items():
            line = f"{name}: {value}".encode("latin-1")
            assert not set(line) & set(b"\r\n\0\x0b\x0c")


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "post", "GET /x HTTP/1.1\r\n\r\nPOST"])
def test_no_other_method_is_known(method, url, peer, guard):
    with pytest.raises(ValueError, match="knows no method"):
        send(url, method=method, guard=guard)
    assert peer.connections == 0


def test_what_is_no_json_is_not_sent(url, peer, guard):
    with pytest.raises(ValueError, match="JSON"):
        send(url, json={"a": float("nan")}, guard=guard)
    assert peer.connections == 0


def test_an_answer_over_the_limit_is_refused(url, taking, guard):
    taking.talk = answering(b"x" * 1001)
    with pytest.raises(TooLarge):
        send(url, json={}, most=1000, guard=guard)


def test_an_error_says_whether_the_server_may_have_heard(url, taking, guard, tls):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchError) as caught:
        send(f"http://files.example:{port}/", json={}, guard=replace(guard, ports={port}))
    assert not caught.value.sent
    taking.talk = lambda connection, _: connection.close()
    with pytest.raises(FetchError) as caught:
        send(url, json={}, guard=guard)
    assert caught.value.sent
    assert CANARY not in str(caught.value)
    with Peer(tls=tls.server) as secure:
        ours = replace(guard, ports={secure.port}, tls=lambda: tls.client)
        with pytest.raises(FetchError, match="certificate") as caught:
            send(f"https://other.example:{secure.port}/", json={}, guard=ours)
        assert (caught.value.sent, secure.requests) == (False, [])


def test_it_ends_in_time_however_slowly_it_is_taken_or_answered(guard):
    """A byte now and then, of the headers, the body, or of what is sent, does not prolong it."""
    over = threading.Event()

    def sipping(connection, _):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while not over.wait(0.02) and connection.recv(4096):
            pass

    with (
        dripping(b"HTTP/1.1 200 OK\r\nX: ") as headers,
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n") as body,
        Peer(headers) as a,
        Peer(body) as b,
        Peer(sipping) as c,
    ):
        ours = replace(guard, ports=frozenset(peer.port for peer in (a, b, c)))
        for peer, data in ((a, b""), (b, b""), (c, bytes(100_000_000))):
            assert_in_time(lambda peer=peer, data=data: [_time(peer, data, ours)], seconds=0.5)
        over.set()


def _time(peer, data, guard):
    begin = time.monotonic()
    with pytest.raises(FetchTimedOut):
        send(f"http://files.example:{peer.port}/", data=data, seconds=0.5, guard=guard)
    return time.monotonic() - begin


def test_whoever_has_to_end_sends_nothing(url, peer, guard):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(url, json={}, check=stop, guard=guard)
    assert peer.connections == 0


def test_what_one_server_is_told_the_one_that_it_leads_on_to_is_not(url, peer, guard):
    """Fetching with a key: it goes along to the same server, and to no other."""
    peer.talk = redirecting("/same", f"http://other.example:{peer.port}/")
    fetch_bytes(url, headers={"Authorization": CANARY, "User-Agent": "ours"}, guard=guard)
    assert [CANARY.encode() in request.partition(b"\r\n")[2] for request in peer.requests] == [
        True,
        True,
        False,
    ]
    assert [b"ours" in request for request in peer.requests] == [True, True, False]


def test_a_version_that_is_known_already_is_not_sent_again(url, peer, guard):
    for odd in ("v1", '"a b"', '"' + "x" * 400 + '"', '"\xa0'):
        peer.talk = answering(b"hello", ETag=odd)
        assert fetch_bytes(url, guard=guard)[1].etag == ""
    peer.requests.clear()
    peer.talk = answering(b"hello", ETag='"v1"')
    _, found = fetch_bytes(url, guard=guard)
    peer.talk = answering(status="304 Not Modified")
    with pytest.raises(NotFetched) as caught:
        fetch_bytes(url, headers={"If-None-Match": found.etag}, guard=guard)
    assert caught.value.status == 304
    assert b'"v1"' in peer.requests[1]
