"""What is fetched, what is refused on its way, and when it ends."""

from __future__ import annotations

import gzip
import hashlib
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from common.errors import InvalidInput
from common.fetch import (
    FetchError,
    FetchTimedOut,
    Guard,
    NotFetched,
    ServerBusy,
    TooLarge,
    fetch,
)
from common.fetch.fetched import name_of
from tests.fetch.memory import fetch_bytes
from tests.fetch.peer import Peer, answering, dripping, raw, redirecting
from tests.fetch.spans import assert_in_time
from tests.services.small_disk import on_small_disk


@pytest.fixture
def url(peer):
    return f"http://files.example:{peer.port}/a/b%20c.pdf?token=secret"


def test_a_file_is_fetched_and_described(url, peer, guard, tmp_path):
    peer.talk = answering(b"%PDF" * 1000, Content_Type="Application/PDF; x=y")
    found = fetch(url, tmp_path / "file", most=4000, guard=guard)
    assert (tmp_path / "file").read_bytes() == b"%PDF" * 1000
    assert (found.size, found.content_type, found.name) == (4000, "application/pdf", "b c.pdf")
    assert found.sha256 == hashlib.sha256(b"%PDF" * 1000).hexdigest()
    assert found.url == f"http://files.example:{peer.port}/a/b%20c.pdf"
    (request,) = peer.requests
    assert request.startswith(b"GET /a/b%20c.pdf?token=secret HTTP/1.1\r\n")
    assert f"host: files.example:{peer.port}\r\n".encode() in request.lower()


def test_a_redirect_is_followed(url, peer, guard):
    peer.talk = redirecting("../other?x=1", f"http://more.example:{peer.port}")
    content, found = fetch_bytes(url, guard=guard)
    assert (content, found.url) == (b"hello", f"http://more.example:{peer.port}/")
    assert [request.split()[1] for request in peer.requests[1:]] == [b"/other?x=1", b"/"]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/Rechnung März.pdf", b"/Rechnung%20M%C3%A4rz.pdf"),
        ("/%C3%A4%20b?q=a%2Fb", b"/%C3%A4%20b?q=a%2Fb"),
        (" /a ", b"/a"),
    ],
)
def test_a_redirect_that_is_not_written_as_urls_are_leads_where_it_was_meant_to(
    location, path, url, peer, guard
):
    peer.talk = redirecting(location.encode().decode("latin-1"))
    assert fetch_bytes(url, guard=guard)[0] == b"hello"
    assert peer.requests[1].split()[1] == path


def test_the_certificate_is_asked_for_by_name_and_not_by_address(tls):
    with Peer(tls=tls.server) as secure:
        ours = Guard(
            ports=frozenset({secure.port}),
            allows=lambda _: True,
            resolve=lambda *_: ["127.0.0.1"],
            tls=lambda: tls.client,
        )
        assert fetch_bytes(f"https://files.example:{secure.port}/", guard=ours)[0] == b"hello"
        with pytest.raises(FetchError, match="certificate is not to be trusted"):
            fetch_bytes(f"https://other.example:{secure.port}/", guard=ours)
        assert secure.names == ["files.example", "other.example"]
        strict = replace(ours, tls=None)
        with pytest.raises(FetchError, match="certificate is not to be trusted"):
            fetch_bytes(f"https://files.example:{secure.port}/", guard=strict)
        assert len(secure.requests) == 1


def test_the_next_address_is_tried_where_one_does_not_answer(url, guard):
    ours = replace(guard, allows=lambda _: True, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert fetch_bytes(url, guard=ours)[0] == b"hello"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(CHUNKED)
    while True:
        connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")


BOMB = gzip.compress(bytes(10_000_000))


@pytest.mark.parametrize(
    "talk",
    [
        answering(b"x" * 1001),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001),
        endless,
        answering(BOMB[:900], Content_Encoding="gzip"),
    ],
    ids=["just over", "says so", "without a length", "endless", "packed"],
)
def test_more_than_the_limit_is_refused_and_leaves_nothing(talk, url, peer, guard, tmp_path):
    peer.talk = talk
    with pytest.raises(TooLarge, match="more than 1,000 bytes"):
        fetch(url, tmp_path / "file", most=1000, guard=guard)
    assert [*tmp_path.iterdir()] == []


def test_what_is_packed_all_the_same_is_unpacked(url, peer, guard):
    two = gzip.compress(b"hello" * 50_000) + gzip.compress(b" you" * 50_000)
    peer.talk = answering(two, Content_Encoding="gzip")
    assert fetch_bytes(url, guard=guard)[0] == b"hello" * 50_000 + b" you" * 50_000


@pytest.mark.parametrize(
    "talk",
    [
        raw(b""),
        raw(b"SSH-2.0-OpenSSH\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        raw(CHUNKED + b"5\r\nhel"),
        raw(CHUNKED + b"zz\r\nhello"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 500_000),
        answering(gzip.compress(b"hello")[:-9], Content_Encoding="gzip"),
        answering(gzip.compress(b"hello") + b"hello", Content_Encoding="gzip"),
        answering(b"hello", Content_Encoding="gzip"),
        answering(b"hello", Content_Encoding="br"),
    ],
)
def test_a_broken_answer_is_an_error_that_may_pass(talk, url, peer, guard, tmp_path):
    peer.talk = talk
    with pytest.raises(FetchError) as caught:
        fetch(url, tmp_path / "file", most=1000, guard=guard)
    assert not isinstance(caught.value, InvalidInput)
    assert "secret" not in str(caught.value)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "status", ["400 Bad", "401 No", "403 No", "404 Not", "410 Gone", "204 Empty"]
)
def test_a_refusal_lasts(status, url, peer, guard):
    peer.talk = answering(b"secret of theirs", status=status)
    with pytest.raises(NotFetched, match=status[:3]) as caught:
        fetch_bytes(url, guard=guard)
    assert "secret" not in str(caught.value)


DATES = {"Date": "Mon, 23 Nov 2026 02:00:00 GMT", "Retry_After": "Mon, 23 Nov 2026 02:00:30 GMT"}


@pytest.mark.parametrize(
    ("talk", "after"),
    [
        (answering(status="429 Slow", Retry_After="7"), 7),
        (answering(status="503 Busy", **DATES), 30),
        (answering(status="503 Busy", Retry_After="soon"), None),
        (answering(status="503 Busy", Retry_After="9" * 9), 86_400),
        (answering(status="503 Busy", Retry_After="9" * 30), None),
        (answering(status="503 Busy", Retry_After="Mon, 1 Jan 99999999999 1:00:00 GMT"), None),
        (answering(status="500 Oops"), None),
        (answering(status="408 Late"), None),
    ],
)
def test_a_server_that_cannot_now_may_say_when(talk, after, url, peer, guard):
    peer.talk = talk
    with pytest.raises(ServerBusy) as caught:
        fetch_bytes(url, guard=guard)
    assert caught.value.after == after


def test_nobody_there_is_an_error_that_may_pass(guard):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(FetchError):
        fetch_bytes(f"http://files.example:{port}/", guard=replace(guard, ports={port}))


def test_it_ends_in_time_however_slow_the_other_side_is(tls):
    """Within 5 % of the deadline, whichever part it is that takes for ever."""
    over = threading.Event()
    mute = Peer(lambda *_: over.wait(20))
    tls_mute = Peer(lambda *_: None)
    tls_mute._speak = lambda connection: over.wait(20) and connection.close()
    with (
        dripping() as status,
        dripping(b"HTTP/1.1 200 OK\r\nX: ") as headers,
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n") as body,
        Peer(status) as a,
        Peer(headers) as b,
        Peer(body) as c,
        Peer(body, tls=tls.server) as d,
        mute,
        tls_mute,
    ):
        ours = Guard(
            schemes=frozenset({"http", "https"}),
            ports=frozenset({80, *(p.port for p in (a, b, c, d, mute, tls_mute))}),
            allows=lambda _: True,
            resolve=lambda *_: ["127.0.0.1"],
            tls=lambda: tls.client,
        )
        nameless = replace(ours, resolve=lambda *_: over.wait(20) and [])
        urls = [f"http://files.example:{p.port}/" for p in (a, b, c, mute)]
        urls += [f"https://files.example:{p.port}/" for p in (d, tls_mute)]
        asked = [(url, ours) for url in urls] + [("http://files.example/", nameless)]
        with ThreadPoolExecutor(len(asked)) as pool:
            assert_in_time(lambda: [*pool.map(lambda each: _time(*each), asked)], seconds=1.0)
        over.set()


def _time(url, guard):
    begin = time.monotonic()
    with pytest.raises(FetchTimedOut, match="not all was there in 1 s"):
        fetch_bytes(url, seconds=1.0, guard=guard)
    return time.monotonic() - begin


def test_whoever_has_to_end_ends_between_two_chunks(url, peer, guard, tmp_path):
    class Stop(BaseException):
        pass

    looks = []

    def check():
        looks.append(1)
        if len(looks) > 3:
            raise Stop

    peer.talk = endless
    with pytest.raises(Stop):
        fetch(url, tmp_path / "file", most=10**12, guard=guard, check=check)
    assert [*tmp_path.iterdir()] == []


FETCH = """
import sys
from pathlib import Path
from common.fetch import Guard, fetch
to, port = Path(sys.argv[1]), int(sys.argv[2])
guard = Guard(schemes={"http"}, ports={port}, allows=bool, resolve=lambda *_: ["127.0.0.1"])
try:
    fetch(f"http://files.example:{port}/", to / "file", most=10**9, guard=guard)
except Exception as error:
    print(type(error).__name__)
"""


def test_a_full_disk_is_said_by_its_name_and_the_file_is_gone(peer, tmp_path):
    peer.talk = endless
    (tmp_path / "disk").mkdir()
    argv = [sys.executable, "-c", FETCH, str(tmp_path / "disk"), str(peer.port)]
    done = subprocess.run(
        on_small_disk(argv, folder=tmp_path / "disk"), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("StorageFull\n", "")


def test_a_file_that_is_there_is_left_alone(url, guard, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileExistsError):
        fetch(url, tmp_path / "file", most=10, guard=guard)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("said", "path", "name"),
    [
        ('attachment; filename="a.pdf"', "/b", "a.pdf"),
        ("attachment; filename*=UTF-8''%C3%84%20b.pdf", "/b", "Ä b.pdf"),
        ('attachment; filename="../../etc/passwd"', "/b", "passwd"),
        ('attachment; filename="..\\\\..\\\\x.exe"', "/b", "x.exe"),
        ('attachment; filename=".."', "/b.pdf", "b.pdf"),
        ("", "/a/b%2fc?d=/e", "c"),
        ("", "/", ""),
        ("", "/.hidden", "hidden"),
        ("", "/a%00b%0a.txt", "ab.txt"),
    ],
)
def test_a_name_is_one_harmless_part_of_a_path(said, path, name):
    assert name_of({"Content-Disposition": said}, path) == name
