"""Who may ask a local cloud: whoever is on this machine, and no page of somebody else's in their
browser.

A page can have a browser ask 127.0.0.1, under a name of its own that leads there (Host), or under
ours (then Origin is the page's). Either way it could have any command run. Google's names come
through a proxy setting, which no page can make.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from common.localcloud.errors import ApiError

__all__ = ["check_visitor", "is_loopback"]

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_GOOGLE = ".googleapis.com"


def check_visitor(target: str, hosts: list[str], origins: list[str]) -> None:
    """Raise ApiError PERMISSION_DENIED for a stranger. `target` is a path or, as of a proxy, a
    whole URL; the others are the headers Host and Origin, each time that they are there."""
    authority = "" if target.startswith("/") else urlsplit(target).netloc
    names = [*hosts, *([authority] if authority else [])]
    if len(hosts) != 1 or not all(_is_loopback(it) or _is_google(it) for it in names):
        raise ApiError("PERMISSION_DENIED", "This answers to loopback and Google's names only.")
    for origin in origins:
        if origin.lower() != f"http://{hosts[0].lower()}" or not _is_loopback(hosts[0]):
            raise ApiError("PERMISSION_DENIED", "Pages of other places may not ask for this.")


def is_loopback(host: str) -> bool:
    """Whether a name or an address, an IPv6 one perhaps in brackets, leads to this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_loopback(authority: str) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    return found is not None and is_loopback(found[1])


def _is_google(authority: str) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    return found is not None and found[1].lower().endswith(_GOOGLE)
