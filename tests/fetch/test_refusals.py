"""URLs that must not be fetched: nobody hears of them. Listeners on the very addresses count."""

from __future__ import annotations

import contextlib
import random
import socket
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import InvalidInput, RunjobsError
from common.fetch import Guard, RefusedURL
from tests.chaos.counts import trials
from tests.fetch.memory import fetch_bytes
from tests.fetch.peer import Peer, redirecting

TRIALS = trials(500, 20_000)
HOSTS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7F.1",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.000.000.001",
    "0",
    "0.0.0.0",  # noqa: S104 - which nobody binds to here
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "１２７.0.0.1",  # noqa: RUF001 - it is meant to be ambiguous
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
    "[::1%25lo]",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[::ffff:169.254.169.254]",
    "2852039166",
    "0xa9fea9fe",
    "metadata.google.internal",
    "metadata",
    "10.0.0.1",
    "192.168.0.1",
    "100.100.100.200",
)


@pytest.fixture(scope="module")
def inside():
    """What listens on this machine, on the same port of both of its addresses where it has two."""
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(Peer())]
        with contextlib.suppress(OSError):
            peers.append(stack.enter_context(Peer(host="::1")))
        yield peers
        assert [peer.connections for peer in peers] == [0] * len(peers)


@pytest.fixture(scope="module")
def open_guard(inside):
    """By its rules everything may be fetched but for the address."""
    return Guard(
        schemes=frozenset({"http", "https"}), ports=frozenset({80, 443, *(p.port for p in inside)})
    )


@pytest.mark.parametrize("host", HOSTS)
def test_no_spelling_of_an_address_inside_is_connected_to(host, inside, open_guard):
    for peer in inside:
        for scheme in ("http", "https"):
            with pytest.raises(RunjobsError):
                fetch_bytes(f"{scheme}://{host}:{peer.port}/", seconds=10, guard=open_guard)
        assert peer.connections == 0


@st.composite
def spellings(draw):
    """An address inside, in one of the ways in which the system takes it for one."""
    network = draw(st.sampled_from(["127.0.0.0/8", "169.254.169.254", "10.0.0.0/8", "0.0.0.0/8"]))
    address = int(draw(st.ip_addresses(network=network)))
    if draw(st.booleans()):
        return f"[{draw(st.sampled_from(_AROUND))}{address >> 16:x}:{address & 0xFFFF:x}]"
    count = draw(st.integers(1, 4))
    parts = [address >> 24, address >> 16 & 255, address >> 8 & 255][: count - 1]
    parts.append(address & (1 << 8 * (5 - count)) - 1)
    return ".".join(draw(st.sampled_from(_NUMBERS)).format(part) for part in parts)


_AROUND = ("::ffff:", "0:0:0:0:0:FFFF:", "64:ff9b::", "::", "0:0:0:0:0:0:")
_NUMBERS = ("{}", "0{:o}", "000{:o}", "0x{:x}", "0X{:X}", "0x000{:x}")


@settings(max_examples=trials(200, 5_000), deadline=None)
@given(spellings())
def test_nor_is_any_that_could_be_thought_of(inside, open_guard, host):
    with pytest.raises(RunjobsError):
        fetch_bytes(f"http://{host}:{inside[0].port}/", seconds=10, guard=open_guard)
    assert [peer.connections for peer in inside] == [0] * len(inside)


def test_those_listeners_are_there_to_be_found(inside, open_guard):
    """Without the check of addresses the same spellings do lead to them."""
    careless = replace(open_guard, allows=lambda _: True)
    before = inside[0].connections
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "0177.0.1", "localhost"):
        url = f"http://{host}:{inside[0].port}/"
        assert fetch_bytes(url, seconds=10, guard=careless)[0] == b"hello"
    assert inside[0].connections == before + 5
    inside[0].connections = before


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "FILE:///etc/passwd",
        "ftp://files.example/",
        "gopher://files.example/_x",
        "data:text/plain,hello",
        "jar:https://files.example!/",
        "unix:///var/run/docker.sock",
        "//files.example/",
        "files.example",
        "/etc/passwd",
        "",
        "https://",
        "https:///etc/passwd",
        "https://?",
        "https://#@files.example/",
        "https://ann:secret@files.example/",
        "https://ann@files.example/",
        "https://@files.example/",
        "https://files.example:22/",
        "https://files.example:0/",
        "https://files.example:99999/",
        "https://files.example:x/",
        "https://files.example\\@127.0.0.1/",
        "https://files.example\t/",
        "https://files.example/\r\nHost: evil",
        "https://fi les.example/",
        "https://files.example\0/",
        "https://files%2eexample/",
        "https://[::1/",
        "https://[1.2.3.4]/",
        "https://" + "a" * 300 + "/",
        "https://files.example/" + "a" * 9_000,
        "https://\ud800.example/",
        "https://a..b/",
        "https://.a/",
    ],
)
def test_what_is_no_url_to_fetch_is_refused_before_a_name_is_looked_up(url):
    asked = []

    def resolve(host, _port):
        asked.append(host)
        raise OSError

    with pytest.raises(RefusedURL) as caught:
        fetch_bytes(url, seconds=5, guard=Guard(resolve=resolve))
    assert asked == []
    assert "secret" not in str(caught.value)


def test_http_is_for_those_who_ask_for_it():
    with pytest.raises(RefusedURL, match="only https:// URLs are"):
        fetch_bytes("http://files.example/", guard=Guard(resolve=lambda *_: []))


def test_a_name_of_which_one_address_is_inside_is_refused(peer, guard):
    both = replace(guard, resolve=lambda *_: ["127.0.0.1", "127.0.0.2"])
    with pytest.raises(RefusedURL, match="not a public one"):
        fetch_bytes(f"http://files.example:{peer.port}/", guard=both)
    assert peer.connections == 0


@pytest.fixture
def forbidden(peer):
    """A listener on the peer's port, at another address of this machine."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.2", peer.port))
        except OSError:
            pytest.skip("127.0.0.2 is not here, as on macOS, where it has to be added by hand.")
        listener.listen()
        yield listener
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.usefixtures("forbidden")
def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere(peer, guard):
    """Each look-up may say another thing; the address that is let pass is the one that is used."""
    rng = random.Random(28)  # noqa: S311 - the trials are to be the same ones each time
    answers = (["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1", "127.0.0.2"], ["::ffff:127.0.0.2"], [])
    asked = []

    def resolve(_host, _port):
        asked.append(rng.choice(answers))
        return asked[-1]

    bad = replace(guard, resolve=resolve)
    done = 0
    for _ in range(TRIALS):
        with contextlib.suppress(RefusedURL):
            assert fetch_bytes(f"http://files.example:{peer.port}/", guard=bad)[0] == b"hello"
            done += 1
    assert len(asked) == TRIALS
    assert done == peer.connections == asked.count(["127.0.0.1"])


@pytest.mark.usefixtures("forbidden")
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/",
        "//127.0.0.2:{port}/",
        "http://2130706434:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/",
        "http://ann:secret@127.0.0.1:{port}/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://[/",
    ],
)
def test_where_a_redirect_leads_is_checked_as_well(location, peer, guard):
    peer.talk = redirecting(location.format(port=peer.port))
    ours = replace(guard, resolve=lambda h, _: [h] if h != "files.example" else ["127.0.0.1"])
    with pytest.raises(RefusedURL) as caught:
        fetch_bytes(f"http://files.example:{peer.port}/", guard=ours)
    assert peer.connections == 1
    assert "secret" not in str(caught.value)


def test_a_redirect_does_not_lead_from_https_to_http(tls):
    with Peer(redirecting("http://files.example/"), tls=tls.server) as secure:
        ours = Guard(
            schemes=frozenset({"http", "https"}),
            ports=frozenset({80, secure.port}),
            allows=lambda _: True,
            resolve=lambda *_: ["127.0.0.1"],
            tls=lambda: tls.client,
        )
        with pytest.raises(RefusedURL, match="not by https"):
            fetch_bytes(f"https://files.example:{secure.port}/", guard=ours)


def test_redirects_have_an_end(peer, guard):
    peer.talk = redirecting(*["/again"] * 50)
    with pytest.raises(RefusedURL, match="more than 5 times"):
        fetch_bytes(f"http://files.example:{peer.port}/", guard=guard)
    assert peer.connections == 6


def test_the_environment_s_proxies_and_passwords_are_not_used(peer, guard, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine files.example login ann password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Peer() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetch_bytes(f"http://files.example:{peer.port}/", guard=guard)[0] == b"hello"
        assert proxy.connections == 0
    (request,) = peer.requests
    assert b"uthorization" not in request
    assert b"ookie" not in request


@settings(max_examples=trials(250, 5_000), deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,30}(/.{0,20})?", fullmatch=True))
def test_no_text_is_a_url_that_crashes_or_is_connected_to(text):
    def connect_to_nothing(_host, _port):
        raise socket.gaierror(socket.EAI_NONAME, "none")

    ours = Guard(schemes=frozenset({"http", "https"}), resolve=connect_to_nothing)
    with pytest.raises(InvalidInput):
        fetch_bytes(text, seconds=5, guard=ours)
