"""A server, a certificate, and a guard that lets tests reach what is on this machine."""

from __future__ import annotations

import pytest

from common.fetch import Guard
from tests.fetch.peer import Peer
from tests.services.certificate import Tls, certificate


@pytest.fixture
def peer():
    with Peer() as peer:
        yield peer


@pytest.fixture
def guard(peer):
    """For which this machine is public, and every name is one of it."""
    return Guard(
        schemes=frozenset({"http", "https"}),
        ports=frozenset({peer.port}),
        allows=lambda address: address == "127.0.0.1",
        resolve=lambda _host, _port: ["127.0.0.1"],
    )


@pytest.fixture(scope="session")
def tls(tmp_path_factory) -> Tls:
    return certificate("files.example", tmp_path_factory.mktemp("tls"))
