"""A user's credentials, which renew their access token; what Google says of that is told apart."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from typing import Any

import requests
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from common.errors import Misconfigured
from common.google.errors import BadAnswer, ConsentGone, NoAnswer
from common.waits import asked_wait

__all__ = ["TokenRequest", "UserCredentials", "credentials_of"]

_TOKEN = re.compile(r"[!-~]{5,10000}")
"""What can be in a header."""
_WHAT = "the renewal of an access token"
_OURS = {"invalid_client", "deleted_client", "disabled_client", "org_internal"}
"""Errors of the OAuth client, which no user can mend."""
_GONE = {
    "access_denied",
    "account_disabled",
    "admin_policy_enforced",
    "consent_required",
    "interaction_required",
    "invalid_grant",
    "invalid_scope",
    "login_required",
    "unauthorized_client",
}
"""Errors that only the user can mend, by consenting again."""


class UserCredentials(Credentials):
    """Those of a user, shared by threads. They show nothing."""

    _turn: threading.Lock

    def __repr__(self) -> str:
        return "UserCredentials()"

    def refresh(self, request: Any) -> None:
        """Renew the access token, once for all threads that ask at the same time."""
        seen = self.token
        with self._turn:
            if self.token is not seen:
                return
            try:
                super().refresh(request)  # type: ignore[no-untyped-call]
            except (ValueError, TypeError, OverflowError):  # such as when the token shall expire
                raise BadAnswer(f"Google answered {_WHAT} with what cannot be.") from None


class TokenRequest(Request):
    """Asks the token endpoint, once: trying again is for whoever wants a token."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["allow_redirects"] = False
        answer = super().__call__(*args, **kwargs)  # type: ignore[no-untyped-call]
        status, said = answer.status, _object(answer.data)
        if status == requests.codes.ok and _is_token(said.get("access_token")):
            return answer
        if status < 400:
            raise BadAnswer(f"Google answered {_WHAT} with {status} and no token.")
        if status == 429 or status >= 500:
            raise NoAnswer(
                f"Google could not do {_WHAT} now: {status}.",
                after=asked_wait(answer.headers, None),
            )
        raise _refused(status, str(said.get("error", "")), said)


def credentials_of(secret: Mapping[str, Any], *, token_uri: str) -> UserCredentials:
    """Credentials of an authorized user's secret, as google-auth writes it.

    What it says of where to renew them is not heeded: it could be anybody's. Raises ConsentGone
    without a refresh token, and Misconfigured without the OAuth client.
    """
    if not (refresh := secret.get("refresh_token")):
        raise ConsentGone("it has no refresh token; ask for access_type=offline and prompt=consent")
    found = UserCredentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh,
        token_uri=token_uri,
        client_id=_client(secret, "client_id"),
        client_secret=_client(secret, "client_secret"),
    )
    found._turn = threading.Lock()  # noqa: SLF001 - its own, set beside the library's arguments
    return found


def _client(secret: Mapping[str, Any], name: str) -> str:
    variable = f"GOOGLE_{name.upper()}"
    found = secret.get(name) or os.environ.get(variable)
    if not found:
        raise Misconfigured(
            f"{variable} is not set: give the OAuth client that the user's consent was given to."
        )
    return str(found)


def _refused(status: int, error: str, said: Mapping[str, Any]) -> Exception:
    if error in _OURS:
        return Misconfigured(
            f"Google does not take the OAuth client ({error}): check GOOGLE_CLIENT_ID and "
            "GOOGLE_CLIENT_SECRET."
        )
    if error not in _GONE:
        return BadAnswer(f"Google refused {_WHAT} with {status} and no known reason.")
    subtype = str(said.get("error_subtype", ""))
    more = f", {subtype}" if subtype.isidentifier() and len(subtype) <= 50 else ""
    return ConsentGone(f"Google renews no access token ({error}{more})")


def _is_token(said: object) -> bool:
    return isinstance(said, str) and _TOKEN.fullmatch(said) is not None


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
