"""Which addresses are public, and elsewhere."""

from __future__ import annotations

import ipaddress
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.fetch.addresses import is_public
from tests.services.missing import missing

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e")
NOT_PUBLIC = (
    "0.0.0.0",  # noqa: S104 - which nobody binds to here
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "64:ff9b:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)
INNER = [address for address in NOT_PUBLIC if ":" not in address]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_all_the_internet_knows_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_any_other_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize("around", ["::ffff:{}", "64:ff9b::{}", "2002:{}::", "::{}"])
def test_one_within_another_is_judged_by_itself(address, around):
    number = int(ipaddress.IPv4Address(address))
    inner = f"{number >> 16:x}:{number & 0xFFFF:x}"
    assert not is_public(around.format(inner))


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "1.2.3.4 ", "1.2.3.²"])
def test_what_is_no_address_is_not_public(text):
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_what_python_does_not_hold_for_global_is_not_public(address):
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4), st.sampled_from([0xFFFF << 32, 0x64FF9B << 96]))
def test_an_ipv4_address_is_as_public_within_ipv6_as_by_itself(address, around):
    assert is_public(str(ipaddress.IPv6Address(around | int(address)))) == is_public(str(address))


@given(st.ip_addresses(v=6).filter(lambda address: address not in ipaddress.ip_network("2000::/3")))
def test_beyond_global_unicast_only_what_leads_to_ipv4_is_public(address):
    leads = address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    assert not is_public(str(address)) or leads


OURS = "93.184.216.34"
AT_HOME = f"""
import fcntl, socket, struct
from common.fetch import Guard, RefusedURL
from common.fetch.addresses import is_public
from tests.fetch.memory import fetch_bytes
from tests.fetch.peer import Peer

def loopback(request, *more):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any:
        fcntl.ioctl(any, request, struct.pack("16s" + more[0], b"lo", *more[1:]))

loopback(0x8916, "H2x4s8x", socket.AF_INET, socket.inet_aton("{OURS}"))  # SIOCSIFADDR
loopback(0x8914, "H14x", 0x41)  # SIOCSIFFLAGS: up and running
with Peer(host="{OURS}") as peer:
    rules = dict(schemes={{"http"}}, ports={{peer.port}}, resolve=lambda *_: ["{OURS}"])
    for guard in (Guard(**rules), Guard(**rules, allows=is_public)):
        try:
            print(fetch_bytes(f"http://a.example:{{peer.port}}/", guard=guard)[0], peer.connections)
        except RefusedURL as error:
            print(error, peer.connections)
"""


def test_a_public_address_of_this_machine_is_not_connected_to():
    """It has one in a network of its own; without that check it is reached there."""
    argv = [shutil.which("unshare") or "unshare", "-rn"]
    try:
        allowed = subprocess.run([*argv, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    if not allowed:
        missing("a network of its own", "unshare -rn has to be allowed, as on Linux it mostly is")
    argv += [sys.executable, "-c", AT_HOME]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    refused, reached = done.stdout.splitlines()
    assert refused.endswith("its address is not a public one. 0"), done
    assert reached == "b'hello' 1"
