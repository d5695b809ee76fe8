"""Connections to Google's APIs, which say who calls."""

from __future__ import annotations

from typing import Any, Protocol

from common.errors import Misconfigured

__all__ = ["Session", "bearing", "no_credentials", "session_of"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class Session(Protocol):
    """As of requests."""

    def request(self, method: str, url: str, **options: Any) -> Any:
        """The response, whatever its status."""


def session_of(endpoint: str) -> Session:
    """As this machine's account; for an imitation at an endpoint, as nobody. Raises Misconfigured
    where there are no credentials."""
    try:
        from google.auth import default
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import AuthorizedSession
    except ImportError as error:
        raise Misconfigured(
            "Google Cloud's APIs need google-auth: pip install 'runjobs[gcp]'."
        ) from error
    try:
        credentials: Any = AnonymousCredentials() if endpoint else default(scopes=[_SCOPE])[0]  # type: ignore[no-untyped-call]
    except GoogleAuthError as error:
        raise no_credentials(error) from error
    session: Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session


def bearing(token: str) -> Session:
    """As whoever the token is of."""
    from google.auth.transport.requests import AuthorizedSession
    from google.oauth2.credentials import Credentials

    credentials = Credentials(token)  # type: ignore[no-untyped-call]
    session: Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return session


def no_credentials(error: Exception) -> Misconfigured:
    """Nobody is signed in."""
    return Misconfigured(
        f"Google Cloud needs credentials: gcloud auth application-default login ({error})."
    )
