"""Whatever the other side does or does not do, a call ends in time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time as system
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from common.clock import SYSTEM
from common.google import NoAnswer
from common.google.transport import BoundedAdapter, Limit
from common.google.upload import STEP
from tests.fetch.peer import Peer, dripping
from tests.services.certificate import certificate
from tests.services.google import Fault

SECONDS = 1.0
SLACK = 0.3
"""Seconds that threads may have to wait for a processor of a busy machine."""


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
    acts = []
    for manner in ("hang", "drip", "drip-headers"):
        google.fail("drive.files.list", Fault(manner=manner), times=5)
        google.fail("drive.files.get", Fault(manner=manner), times=5)
        google.fail("drive.files.create.put", Fault(manner=manner), times=5)
        acts += [
            lambda: account.get("drive", "files"),
            lambda: account.download("drive", "files/a").read(),
            lambda: upload.put(b"x" * STEP),
        ]
    with ThreadPoolExecutor(len(acts)) as pool:
        spans = [*pool.map(took, acts)]
    assert all(0.5 * SECONDS <= each <= 1.05 * SECONDS + SLACK for each in spans), spans


@pytest.mark.parametrize("manner", ["hang", "drip", "drip-headers"])
def test_no_renewal_takes_longer_either(manner, open_one, google):
    account = open_one(clock=SYSTEM, patience=0.5, each=0.5)
    google.fail("token", Fault(manner=manner), times=5)
    assert took(lambda: account.get("drive", "files")) <= 0.525 + SLACK


def test_the_runs_deadline_is_kept_by_what_it_interrupts(open_one, google, documents, shelf):
    shelf.files["a"] = b"x" * 100
    google.fail("drive.files.get", Fault(manner="drip"), times=50)
    deadline = documents.now() + timedelta(seconds=SECONDS)
    account = open_one(clock=SYSTEM, deadline=deadline)
    assert took(lambda: account.download("drive", "files/a").read()) <= 1.05 * SECONDS + SLACK


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
            spans = [*pool.map(lambda url: _get(url, str(tls.file)), urls)]
        assert len(a.requests) == 1
        over.set()
    assert all(0.5 * SECONDS <= each <= 1.05 * SECONDS + SLACK for each in spans), spans


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
        limit.end = system.monotonic() + SECONDS
        url = f"https://localhost:{slow.port}/"
        assert took(lambda: session.get(url, **more), error=OSError) <= 1.05 * SECONDS + SLACK
        assert proxy.connections == 2
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
