"""Whatever the other side does or does not do, a call ends in time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time as system
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import requests

from common.clock import SYSTEM
from common.google import NoAnswer
from common.google.transport import BoundedAdapter, Limit
from common.google.upload import STEP
from tests.fetch.peer import Peer, dripping
from tests.fetch.spans import assert_in_time
from tests.services.certificate import certificate
from tests.services.google import Fault

SECONDS = 1.0


def took(act, *, error=NoAnswer):
    begin = system.monotonic()
    with pytest.raises(error):
        act()
    return system.monotonic() - begin


def test_no_call_takes_longer_than_its_patience(open_one, google, shelf):
    """Within 5 % of it, whichever part it is that takes for ever."""
    shelf.files["a"] = b"x" * 100
    account = open_one(clock=SYSTEM, patience=SECONDS, each=SECONDS)
    account.get("drive", "files")
    upload = account.begin_upload("drive", "files", {}, size=STEP, content_type="text/plain")
    for method in ("drive.files.list", "drive.files.get", "drive.files.create.put"):
        for _ in range(20):
            for manner in ("hang", "drip", "drip-headers"):
                google.fail(method, Fault(manner=manner))
    acts = 3 * [
        lambda: account.get("drive", "files"),
        lambda: account.download("drive", "files/a").read(),
        lambda: upload.put(b"x" * STEP),
    ]
    with ThreadPoolExecutor(len(acts)) as pool:
        assert_in_time(lambda: [*pool.map(took, acts)], seconds=SECONDS)


@pytest.mark.parametrize("manner", ["hang", "drip", "drip-headers"])
def test_no_renewal_takes_longer_either(manner, open_one, google):
    account = open_one(clock=SYSTEM, patience=0.5, each=0.5)
    google.fail("token", Fault(manner=manner), times=20)
    assert_in_time(lambda: [took(lambda: account.get("drive", "files"))], seconds=0.5)


def test_the_runs_deadline_is_kept_by_what_it_interrupts(open_one, google, documents, shelf):
    shelf.files["a"] = b"x" * 100
    google.fail("drive.files.get", Fault(manner="drip"), times=50)

    def measure():
        deadline = documents.now() + timedelta(seconds=SECONDS)
        account = open_one(clock=SYSTEM, deadline=deadline)
        return [took(lambda: account.download("drive", "files/a").read())]

    assert_in_time(measure, seconds=SECONDS)


def test_a_try_that_hangs_leaves_time_for_another(open_one, google):
    google.fail("drive.files.list", Fault(manner="hang"))
    account = open_one(clock=SYSTEM, each=0.3)
    assert account.get("drive", "files") == {"files": []}


def test_tls_is_bounded_as_well(tmp_path):
    """From the first bytes of its handshake to a body that does not end; of a name that is looked
    up, to the last of its addresses."""
    tls = certificate("localhost", tmp_path)
    over = threading.Event()
    mute = Peer()
    mute._speak = lambda connection: over.wait(20) and connection.close()
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
    with (
        dripping(body) as talk,
        dripping(b"HTTP/1.1 200 OK\r\nX: ") as headers,
        Peer(talk, tls=tls.server) as a,
        Peer(headers, tls=tls.server) as b,
        mute,
    ):
        urls = [f"https://localhost:{peer.port}/" for peer in (a, b, mute)]
        with ThreadPoolExecutor(3) as pool:
            get = partial(_get, trusted=str(tls.file))
            assert_in_time(lambda: [*pool.map(get, urls)], seconds=SECONDS)
        assert a.requests
        over.set()


def _tunnel(connection, request):
    """What a proxy does that is asked to CONNECT."""
    host, port = request.split()[1].decode().split(":")
    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    with socket.create_connection((host, int(port))) as there:
        back = threading.Thread(target=_copy, args=(there, connection), daemon=True)
        back.start()
        _copy(connection, there)
        back.join(5)


def _copy(source, target):
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


def test_what_goes_through_a_proxy_arrives_and_is_bounded(tmp_path):
    tls = certificate("localhost", tmp_path)
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
    limit = Limit(system.monotonic)
    with (
        dripping(body) as talk,
        Peer(talk, tls=tls.server) as slow,
        Peer(tls=tls.server) as good,
        Peer(_tunnel) as proxy,
        requests.Session() as session,
    ):
        session.mount("https://", BoundedAdapter(limit))
        more = {"verify": str(tls.file), "proxies": {"https": f"http://127.0.0.1:{proxy.port}"}}
        limit.end = system.monotonic() + 20
        assert session.get(f"https://localhost:{good.port}/", **more).content == b"hello"
        url = f"https://localhost:{slow.port}/"

        def measure():
            limit.end = system.monotonic() + SECONDS
            return [took(lambda: session.get(url, **more), error=OSError)]

        assert_in_time(measure, seconds=SECONDS)
        assert proxy.connections >= 2
        limit.end = system.monotonic()


def _get(url, trusted):
    limit = Limit(system.monotonic)
    with requests.Session() as session:
        session.mount("https://", BoundedAdapter(limit))
        limit.end = system.monotonic() + SECONDS
        return took(lambda: session.get(url, verify=trusted), error=OSError)


def test_a_connection_is_used_again_and_dropped_when_it_broke(account, google):
    for _ in range(3):
        account.get("drive", "files")
    google.fail("drive.files.list", Fault(manner="lost"))
    account.get("drive", "files")
    assert google.connections <= 3  # one for tokens
