"""Giving a consent back: https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke"""

from __future__ import annotations

from common.clock import SYSTEM, Clock
from common.errors import Misconfigured
from common.google.answers import error_of
from common.google.endpoints import Endpoints
from common.google.errors import NoAnswer
from common.integrations import Integration, Integrations

__all__ = ["revoke"]

_SECONDS = 20.0
_WHAT = "to take the consent back"


def revoke(integrations: Integrations, integration: Integration, *, clock: Clock = SYSTEM) -> None:
    """Have Google forget a user's consent. One that it has forgotten already is none to forget.

    Raises NoAnswer and other errors where it may not have been done, and Misconfigured.
    """
    token = str(integrations.secret(integration).get("refresh_token") or "")
    endpoints = Endpoints.from_environ()
    if token:
        _ask(endpoints, token, user=integration.user, clock=clock)


def _ask(endpoints: Endpoints, token: str, *, user: str, clock: Clock) -> None:
    try:
        import requests

        from common.google.transport import Limit, prepare
    except ImportError as error:
        raise Misconfigured(
            "Google accounts need google-auth: pip install 'runjobs[google]'."
        ) from error
    limit = Limit(clock.monotonic)
    limit.end = clock.monotonic() + _SECONDS
    with requests.Session() as session:
        prepare(session, limit, trust_env=endpoints.base is None)
        try:
            answer = session.post(
                endpoints.revocation,
                data={"token": token},
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except OSError as error:
            raise NoAnswer(f"Google did not answer {_WHAT} ({type(error).__name__}).") from None
    if answer.status_code != 200 and b"invalid_token" not in answer.content:
        raise error_of(answer.status_code, answer.headers, b"", what=_WHAT, user=user)
