"""Signed URLs: by the private key of the credentials, or by IAM where they have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.auth import exceptions as auth
from google.auth.credentials import AnonymousCredentials, Credentials, Signing
from google.auth.transport.requests import Request

from common.blobs.errors import CannotSign

if TYPE_CHECKING:
    from datetime import timedelta

    from google.cloud.storage import Blob as StoredBlob

__all__ = ["signed_url"]


def signed_url(blob: StoredBlob, expires: timedelta, credentials: Credentials, uri: str) -> str:
    """Return a V4 signed URL to GET `blob`; raise CannotSign, saying what would make it work."""
    who = _signer(credentials, uri)
    try:
        url: str = blob.generate_signed_url(
            version="v4", expiration=expires, method="GET", credentials=credentials, **who
        )
    except auth.TransportError as error:
        email = who.get("service_account_email", "the service account")
        raise CannotSign(
            uri, f"grant roles/iam.serviceAccountTokenCreator on {email} to itself ({error})"
        ) from error
    return url


def _signer(credentials: Credentials, uri: str) -> dict[str, Any]:
    """Name who signs through IAM; nobody where the credentials hold a key themselves."""
    if isinstance(credentials, Signing):
        return {}
    if isinstance(credentials, AnonymousCredentials):
        raise CannotSign(uri, "there are no credentials; an emulator has none to sign with")
    # Cloud Run's credentials know their account's name only once they have a token.
    if not credentials.valid:
        credentials.refresh(Request())  # type: ignore[no-untyped-call]
    email = getattr(credentials, "service_account_email", None)
    if not email:
        raise CannotSign(
            uri, "a user's credentials hold no key; run as a service account or impersonate one"
        )
    return {"service_account_email": email, "access_token": credentials.token}
