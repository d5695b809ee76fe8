"""What Cloud Tasks and Cloud Scheduler call: an HTTP request as their resources have it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common.localcloud.errors import invalid
from common.localcloud.kinds import MAP, TEXT, check
from common.localcloud.outgoing import Outgoing
from common.localcloud.rpc import Json
from common.localcloud.values import named

if TYPE_CHECKING:
    from common.localcloud.tokens import Tokens

__all__ = ["Targets"]

METHODS = ("HTTP_METHOD_UNSPECIFIED", "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
_WITH_BODY = {"POST", "PUT", "PATCH"}
_LONGEST = 2083
_HEADERS = 80 * 1024
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\uffff]*")
_OURS = ("host", "content-length", "transfer-encoding", "connection", "user-agent")
_OURS_BEGIN = ("x-google-", "x-appengine-")
_KINDS = {
    "headers": MAP,
    "body": TEXT,
    "oidcToken": {"serviceAccountEmail": TEXT, "audience": TEXT},
    "oauthToken": {"serviceAccountEmail": TEXT, "scope": TEXT},
}
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """How one service writes the requests that it makes."""

    field: str
    """httpRequest or httpTarget."""
    url: str
    """The field of the URL in it: url or uri."""
    agent: str
    """What it calls itself."""
    headers: str
    """How the headers begin that are its own, in lower case."""
    content_type: str = ""
    """Of a body of which nothing else is said; none."""

    def checked(self, data: Json) -> Json:
        """A request with its defaults. Raises ApiError INVALID_ARGUMENT."""
        check(self.field, data, _KINDS)
        method = named(data, "httpMethod", METHODS)
        method = "POST" if method == METHODS[0] else method
        found: Json = {
            self.url: self._checked_url(data.get(self.url)),
            "httpMethod": method,
            "headers": {
                **self._checked_headers(data.get("headers") or {}),
                "User-Agent": self.agent,
            },
        }
        if body := data.get("body"):
            found["body"] = self._checked_body(body, method)
        return {**found, **self._checked_token(data)}

    def request(
        self, data: Json, tokens: Tokens, more: dict[str, str], deadline: float
    ) -> Outgoing:
        """What is sent, with headers that the service adds."""
        headers = {**data["headers"], **more}
        body = base64.b64decode(data.get("body", ""))
        if body and self.content_type and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = self.content_type
        if account := data.get("oidcToken"):
            audience = account.get("audience") or data[self.url]
            identity = tokens.identity(account["serviceAccountEmail"], audience)
            headers["Authorization"] = f"Bearer {identity}"
        elif data.get("oauthToken"):
            headers["Authorization"] = f"Bearer {tokens.access()}"
        return Outgoing(
            method=data["httpMethod"],
            url=data[self.url],
            headers=headers,
            body=body,
            deadline=deadline,
        )

    def _checked_url(self, url: object) -> str:
        field = f"{self.field}.{self.url}"
        if not isinstance(url, str) or not re.match("https?://", url):
            raise invalid(field, f"{url!r} does not begin with http:// or https://.")
        if len(url) > _LONGEST or not url.isprintable() or " " in url:
            raise invalid(field, f"it has spaces, or more than {_LONGEST} characters.")
        try:
            parts = urlsplit(url)
            if parts.hostname and (parts.port is None or parts.port > 0):
                return url
        except ValueError:
            pass
        raise invalid(field, f"{url!r} names no host that could be called.")

    def _checked_headers(self, found: dict[str, str]) -> dict[str, str]:
        """Those that a user may set; the others are left out, as Google does."""
        field = f"{self.field}.headers"
        for name, value in found.items():
            if not _HEADER.fullmatch(name):
                raise invalid(field, f"{name!r} is no header.")
            if not _VALUE.fullmatch(value):
                raise invalid(field, f"the value of {name} has characters that no header can have.")
        if sum(len(name) + len(value) for name, value in found.items()) > _HEADERS:
            raise invalid(field, "they are larger than 80 KB.")
        return {name: value for name, value in found.items() if not self._ours(name.lower())}

    def _ours(self, name: str) -> bool:
        return name in _OURS or name.startswith((*_OURS_BEGIN, self.headers))

    def _checked_body(self, body: str, method: str) -> str:
        if method not in _WITH_BODY:
            raise invalid(f"{self.field}.body", f"a {method} request has none.")
        try:
            # Of the two alphabets clients may use either: https://protobuf.dev/programming-guides/json/
            text = body.replace("-", "+").replace("_", "/").rstrip("=")
            content = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError:
            raise invalid(f"{self.field}.body", "it is not base64.") from None
        return base64.b64encode(content).decode()

    def _checked_token(self, data: Json) -> Json:
        found = {name: data[name] for name in ("oauthToken", "oidcToken") if data.get(name)}
        if len(found) > 1:
            raise invalid(self.field, "it has both an oauthToken and an oidcToken.")
        for name, token in found.items():
            if not token.get("serviceAccountEmail"):
                raise invalid(f"{self.field}.{name}.serviceAccountEmail", "it is missing.")
            more = {"scope": token.get("scope") or _SCOPE} if name == "oauthToken" else {}
            found[name] = {**token, **more}
        return found
