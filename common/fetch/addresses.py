"""Which addresses are public, and elsewhere.

What stands for an IPv4 address within IPv6 is judged by that address, since that is where it leads.
Of IPv6 nothing but global unicast is public: what is given out anew some day is refused till then.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["is_elsewhere", "is_public"]

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_NOT = (
    IPv6Network("2001::/23"),  # protocols, such as Teredo
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),
    IPv4Network("192.0.0.0/24"),  # protocols
    IPv4Network("192.88.99.0/24"),  # once the way to 6to4
    IPv4Network("168.63.129.16/32"),  # where Azure tells its machines how they are set up
)


def is_elsewhere(text: str) -> bool:
    """Whether an address, as numbers, is public, and none of this machine's: one that it has may
    be kept from all others by a firewall, which does not stand between it and itself."""
    return is_public(text) and not _is_ours(text)


def is_public(text: str) -> bool:
    """Whether an address, as numbers, is public."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_global(address)
    if (inner := _inner(address)) is not None:
        return _is_global(inner)
    return address.scope_id is None and address in _UNICAST and _is_global(address)


def _is_ours(text: str) -> bool:
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.bind((text, 0))  # which only an address of this machine can be
    except OSError:
        return False
    return True


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _6TO4:
        return address.sixtofour
    return address.ipv4_mapped


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_private
    return address.is_global and not special and not any(address in each for each in _NOT)
