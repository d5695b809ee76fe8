"""On a laptop, whoever is on it is let in, and no page of another place in their browser."""

from __future__ import annotations

import socket

import httpx
import pytest

from common.visitors import is_loopback
from tests.web.conftest import problem


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:1", "[::1]"]
)
def test_loopback_names_are_answered_at_any_port(shared, host):
    """The port may be another one on the way here."""
    assert shared.http.get("/v1/runs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/runs", "/healthz", "/internal/sweep", "/nowhere"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.2",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - nobody listens there
        "[::]",
        "[::ffff:10.0.0.1]",
        "localhost@evil.example",
        "evil.example#localhost",
        "localhost:80:80",
        "run.googleapis.com",
        "",
    ],
)
def test_other_names_are_not_answered(shared, host, path):
    """A name that its owner has lead here is what a page would come by."""
    problem(shared.http.get(path, headers={"Host": host}), 403, "loopback")


def test_two_hosts_are_none(shared):
    address = httpx.URL(shared.url)
    with socket.create_connection((address.host, address.port), timeout=20) as to:
        to.sendall(b"GET /v1/runs HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
        assert to.recv(100).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 "))


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:1",
        "http://localhost",
        "https://localhost:8080",
        "http://localhost:8080.evil.example",
        "http://127.0.0.1:8080",
        "file://",
        "",
    ],
)
def test_a_page_of_another_place_may_not_ask(shared, origin):
    headers = {"Host": "localhost:8080", "Origin": origin}
    answer = shared.http.post("/v1/runs", json={"job": "noop"}, headers=headers)
    problem(answer, 403, "Pages")
    assert shared.client.runs.list() == []


def test_a_page_of_our_own_may_ask(shared):
    headers = {"Host": "localhost:8080", "Origin": "http://localhost:8080"}
    assert shared.http.get("/v1/runs", headers=headers).status_code == 200


def test_no_answer_invites_other_places(shared):
    answer = shared.http.options("/v1/runs", headers={"Access-Control-Request-Method": "POST"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"


def test_a_whole_url_is_asked_of_its_own_host(shared):
    """As of a proxy: whatever the Host says, the URL counts too."""
    for url, status in [
        ("http://localhost:1/healthz", 200),
        ("http://evil.example/healthz", 403),
        ("http://localhost@evil.example/healthz", 403),
    ]:
        request = httpx.Request("GET", shared.url, headers={"Host": "localhost"})
        request.extensions["target"] = url.encode()
        assert shared.http.send(request).status_code == status, url


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.1.2.3", True), ("::1", True), ("::", False), ("a", False)],
)
def test_where_one_listens_is_known_for_this_machine_or_not(host, expected):
    assert is_loopback(host) is expected
