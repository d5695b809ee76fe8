"""Who may ask what answers on a laptop: whoever is on this machine, and no page of somebody else's
in their browser.

A page can have a browser ask 127.0.0.1, under a name of its own that leads there (Host), or under
ours (then Origin is the page's). Google's names, under which the local cloud is asked, come through
a proxy setting, which no page can make.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

__all__ = ["is_loopback", "stranger"]

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_GOOGLE = ".googleapis.com"


def stranger(
    target: str, hosts: Sequence[str], origins: Sequence[str], *, google: bool = False
) -> str | None:
    """Why a request is not let in; None for one that is.

    `target` is a path or, as of a proxy, a whole URL; the others are the headers Host and Origin,
    each time that they are there. With `google` its names will do.
    """
    authority = "" if target.startswith("/") else urlsplit(target).netloc
    names = [*hosts, *([authority] if authority else [])]
    if len(hosts) != 1 or not all(_is_ours(name, google=google) for name in names):
        return "This answers to loopback names only, such as localhost."
    own = f"http://{hosts[0].lower()}"
    if any(origin.lower() != own or not _is_ours(hosts[0]) for origin in origins):
        return "Pages of other places may not ask for this."
    return None


def is_loopback(host: str) -> bool:
    """Whether a name or an address, an IPv6 one perhaps in brackets, leads to this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_ours(authority: str, *, google: bool = False) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return False
    return is_loopback(found[1]) or (google and found[1].lower().endswith(_GOOGLE))
