"""A URL taken apart once: what was checked is what is asked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from common.fetch.errors import RefusedURL
from common.fetch.guard import Guard

__all__ = ["Target"]

_LONGEST = 8_000
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:@!$&'()*+,;=~-._?[]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where to ask for what."""

    scheme: str
    host: str
    """In ASCII and lower case; an IPv6 address without brackets."""
    port: int
    path: str
    """With the query; begins with a slash."""

    @classmethod
    def of(cls, url: str, guard: Guard) -> Target:
        """The target of a URL that the guard lets pass, as far as can be told without looking its
        host up. Raises RefusedURL."""
        parts = _split(url)
        host = _host(parts)
        if parts.scheme not in guard.schemes:
            wanted = " and ".join(f"{scheme}://" for scheme in sorted(guard.schemes))
            raise RefusedURL(host, f"only {wanted} URLs are")
        if parts.username is not None or parts.password is not None:
            raise RefusedURL(host, "it holds a user's name or password")
        port = _port(parts, host)
        if port not in guard.ports:
            raise RefusedURL(host, f"port {port} is not allowed")
        query = f"?{parts.query}" if parts.query else ""
        path = quote(f"{parts.path or '/'}{query}", safe=_SAFE)
        return cls(scheme=parts.scheme, host=host, port=port, path=path)

    def redirected(self, location: str, guard: Guard) -> Target:
        """Where an answer leads. Raises RefusedURL."""
        try:
            url = urljoin(f"{self.scheme}://{self.netloc}{self.path}", _meant(location))
        except ValueError:
            raise RefusedURL(self.host, "it leads to what is no URL") from None
        found = Target.of(url, guard)
        if self.scheme == "https" and found.scheme != "https":
            raise RefusedURL(found.host, "it is not by https://, as what led to it was")
        return found

    @property
    def origin(self) -> tuple[str, str, int]:
        """Whom it is to be asked of."""
        return self.scheme, self.host, self.port

    @property
    def netloc(self) -> str:
        """Host and, where it is not the usual one, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def _meant(location: str) -> str:
    """As those mean it who do not write what is no ASCII, and spaces, as URLs have to."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    return location.strip(" ").replace(" ", "%20")


def _split(url: str) -> SplitResult:
    plain = len(url) <= _LONGEST and url.isprintable() and not set(url) & {" ", "\\"}
    try:
        parts = urlsplit(url)
        usable = plain and "#" not in parts.netloc and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise RefusedURL("", "write it as https://HOST/PATH, with no spaces")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            raise RefusedURL(host, "there can be no host of that name") from None
    # What else there might be in a name is for us to refuse, and not for a resolver to make out.
    if len(host) > 253 or not set(host) <= _OF_HOSTS or host[0] == "." or ".." in host:
        raise RefusedURL(host, "there can be no host of that name")
    return host


_OF_HOSTS = set("abcdefghijklmnopqrstuvwxyz0123456789.-_:")


def _port(parts: SplitResult, host: str) -> int:
    try:
        return parts.port if parts.port is not None else _PORTS[parts.scheme]
    except ValueError:
        raise RefusedURL(host, "its port is none") from None
