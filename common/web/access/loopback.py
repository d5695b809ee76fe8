"""On a laptop: whoever is on this machine, and no page of somebody else's in their browser.

A page can have a browser ask 127.0.0.1, under a name of its own that leads there (Host), or under
ours (then Origin is the page's). Neither is let in. What is for the local cloud comes under
Google's names, through a proxy setting that no page can make.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.web.access.caller import Access, Caller
from common.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Loopback", "is_loopback", "target"]

_NOBODY = Caller(account="")
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_GOOGLE = ".googleapis.com"


class Loopback:
    """Lets in what was asked of a loopback name, by no page of another place."""

    def admit(self, request: Request, access: Access) -> Caller:  # noqa: ARG002 - all the same
        """Anybody. Raises Problem."""
        self._check(request, google=False)
        return _NOBODY

    def admit_to_cloud(self, request: Request) -> None:
        """What is asked of the local cloud may come under Google's names. Raises Problem."""
        self._check(request, google=True)

    def _check(self, request: Request, *, google: bool) -> None:
        hosts = request.headers.getlist("host")
        _, authority = target(request)
        names = [*hosts, *([authority] if authority else [])]
        if len(hosts) != 1 or not all(_is_ours(name, google=google) for name in names):
            raise Problem(403, "This answers to loopback names only, such as localhost.")
        for origin in request.headers.getlist("origin"):
            if origin.lower() != f"http://{hosts[0].lower()}" or not _is_ours(hosts[0]):
                raise Problem(403, "Pages of other places may not ask for this.")


def target(request: Request) -> tuple[str, str]:
    """The path, still quoted, and the authority, which is there where the whole URL was asked for,
    as of a proxy."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    said = raw.decode("ascii", "replace")
    if said.startswith("/"):
        return said, ""
    parts = urlsplit(said)
    return parts.path or "/", parts.netloc


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
