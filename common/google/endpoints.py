"""Where Google's services answer, or their stand-in."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from common.errors import InvalidInput, Misconfigured

__all__ = ["Endpoints", "Path"]

Path = str | Sequence[str]
"""Below a service: a text such as `files/ID`, or its parts, which then may be any text."""

_APIS = "https://www.googleapis.com"
_GMAIL = "https://gmail.googleapis.com"
_TOKEN = "https://oauth2.googleapis.com"  # noqa: S105 - an address
_SERVICES = {
    "drive": (_APIS, "drive/v3"),
    "gmail": (_GMAIL, "gmail/v1"),
    "oauth2": (_APIS, "oauth2/v2"),
}
_GOOGLES = (".googleapis.com", ".google.com", ".googleusercontent.com")
_NOT_FILES = (
    "accounts.google.com",  # whose page to sign in on would be taken for a file
    ".bc.googleusercontent.com",  # customers' machines
)
_HOST = re.compile(r"[a-z0-9.-]+")
_SAFE = "@!$&'()*+,;=:~"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of services, all below one base where that is given."""

    base: str | None = None
    """http://HOST:PORT of a stand-in for all of Google."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Endpoints:
        """As RUNJOBS_GOOGLE_ENDPOINT says. Raises Misconfigured for what is no URL."""
        url = (os.environ if environ is None else environ).get("RUNJOBS_GOOGLE_ENDPOINT", "")
        if url and not url.startswith(("http://", "https://")):
            raise Misconfigured(
                f"RUNJOBS_GOOGLE_ENDPOINT={url} is no URL: write it as http://HOST:PORT."
            )
        return cls(url.rstrip("/") or None)

    @property
    def token(self) -> str:
        """Where access tokens are renewed."""
        return f"{self.base or _TOKEN}/token"

    @property
    def revocation(self) -> str:
        """Where consents are given back."""
        return f"{self.base or _TOKEN}/revoke"

    def url(self, service: str, path: Path, *, upload: bool = False) -> str:
        """Of a method. Raises InvalidInput for a path that leads elsewhere."""
        root, version = _SERVICES[service]
        parts = ["upload"] * upload + [version, _quoted(path)]
        return "/".join([self.base or root, *parts])

    def is_upload(self, url: str) -> bool:
        """Whether it is an upload's session here: nothing else is shown a token."""
        there, here = urlsplit(url), urlsplit(self.base or _APIS)
        if self.base is None and there.netloc == urlsplit(_GMAIL).netloc:
            here = urlsplit(_GMAIL)
        return there[:2] == here[:2] and "/upload/" in there.path

    def is_googles(self, url: str) -> bool:
        """Whether it is an address that a token may be shown to."""
        there = urlsplit(url)
        if self.base is not None:
            return there[:2] == urlsplit(self.base)[:2]
        # Parsers differ in where a host ends that has other characters: only plain ones will do.
        plain = _HOST.fullmatch(there.netloc) is not None
        known = there.netloc.endswith(_GOOGLES) and not there.netloc.endswith(_NOT_FILES)
        return there.scheme == "https" and plain and known


def _quoted(path: Path) -> str:
    parts = path.split("/") if isinstance(path, str) else path
    for part in parts:
        if part in {"", ".", ".."} or not part.isprintable():
            raise InvalidInput(f"{part[:80]!r} is no id of Google's: it cannot be in a path.")
    return "/".join(quote(part, safe=_SAFE) for part in parts)
