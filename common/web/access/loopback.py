"""On a laptop: whoever is on this machine, and no page of somebody else's in their browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.visitors import stranger
from common.web.access.guard import Access
from common.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["Loopback", "target"]


class Loopback:
    """Lets in what was asked of a loopback name, by no page of another place."""

    def admit(self, request: Request, access: Access) -> None:  # noqa: ARG002 - all the same
        """Anybody on this machine. Raises Problem."""
        said = request.headers.getlist
        if why := stranger(_asked(request), said("host"), said("origin")):
            raise Problem(403, why)


def _asked(request: Request) -> str:
    """The path, still quoted, or a whole URL, as proxies are asked."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return str(raw.decode("ascii", "replace"))


def target(request: Request) -> tuple[str, str]:
    """The path, still quoted, and the authority, where the whole URL was asked for."""
    said = _asked(request)
    if said.startswith("/"):
        return said, ""
    parts = urlsplit(said)
    return parts.path or "/", parts.netloc
