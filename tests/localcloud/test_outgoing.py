"""Calls over a real network: what comes of each."""

from __future__ import annotations

import socket
import threading

import pytest
from starlette.responses import Response

from common.localcloud.answers import Answer
from common.localcloud.outgoing import HttpSender, Outgoing
from tests.localcloud.worker import working


@pytest.fixture
def worker():
    with working() as it:
        yield it


def call(url: str, *, own: str = "", **fields) -> Answer:
    said = {"method": "POST", "headers": {}, "body": b"", "deadline": 30.0, **fields}
    return HttpSender(lambda: own)(Outgoing(url=url, **said))


def test_a_request_comes_as_it_was_said(worker):
    headers = {"Content-Type": "text/x", "Accept-Language": "é"}
    answer = call(f"{worker.url}/a%20b/ü?c=d&e", body=b"\0\xff", headers=headers)
    assert answer.good
    (got,) = worker.got
    assert (got.method, got.path, got.body) == ("POST", "/a b/ü?c=d&e", b"\0\xff")
    assert got.headers["host"] == worker.url.removeprefix("http://")
    assert (got.headers["content-type"], got.headers["content-length"]) == ("text/x", "2")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PUT", "PATCH", "POST"])
def test_every_method_can_be_used(worker, method):
    assert call(worker.url, method=method).status == 200
    assert worker.got[0].method == method


def test_an_answers_headers_are_found_however_they_are_written(worker):
    worker.answers.append(Response(status_code=429, headers={"retry-after": "7"}))
    answer = call(worker.url)
    assert (answer.status, answer.slower, answer.headers["Retry-After"]) == (429, True, "7")
    assert answer.rpc == {"code": 8, "message": "RESOURCE_EXHAUSTED(8): HTTP status code 429"}


def test_a_redirect_is_an_answer_and_not_followed(worker):
    worker.answers.append(Response(status_code=307, headers={"location": f"{worker.url}/other"}))
    assert call(worker.url).status == 307
    assert len(worker.got) == 1


def test_googles_hosts_are_this_local_cloud(worker):
    answer = call("https://us-central1-run.googleapis.com/v2/projects/p:run?a=b", own=worker.url)
    assert answer.good
    assert worker.got[0].headers["host"] == "us-central1-run.googleapis.com"
    assert worker.got[0].path == "/v2/projects/p:run?a=b"


def test_googles_hosts_are_never_called_while_the_local_cloud_does_not_answer():
    assert call("https://run.googleapis.com/") == Answer(problem="UNAVAILABLE")


def test_a_host_that_only_looks_like_googles_is_called_itself(worker):
    port = worker.url.rpartition(":")[2]
    assert call(f"http://127.0.0.1:{port}/googleapis.com", own="http://127.0.0.1:1").good


def test_nobody_there_is_unavailable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        answer = call(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert answer == Answer(problem="UNAVAILABLE")
    assert answer.rpc["code"] == 14


def test_silence_ends_at_the_deadline(worker):
    worker.open.clear()
    assert call(worker.url, deadline=0.2).rpc["code"] == 4


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\n" + b"X" * 10_000, b"H" * 10_000])
def test_a_byte_at_a_time_ends_at_the_deadline(drip):
    """Each comes well within a socket's timeout."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def dripping() -> None:
            with server.accept()[0] as peer:
                for byte in drip:
                    if over.wait(0.02):
                        return
                    peer.sendall(bytes([byte]))

        thread = threading.Thread(target=dripping)
        thread.start()
        answer = call(f"http://127.0.0.1:{server.getsockname()[1]}/", deadline=0.3)
        over.set()
        thread.join()
    assert answer == Answer(problem="DEADLINE_EXCEEDED")


@pytest.mark.parametrize("garbage", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http_is_unavailable(garbage):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answering() -> None:
            with server.accept()[0] as peer:
                peer.recv(65536)
                peer.sendall(garbage)

        thread = threading.Thread(target=answering)
        thread.start()
        answer = call(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert answer == Answer(problem="UNAVAILABLE")
