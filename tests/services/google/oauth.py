"""The token endpoint: consents, their revocation, access tokens that expire."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.services.google.answers import Answer

CLIENT_ID = "client-of-the-tests.apps.googleusercontent.com"


@dataclass
class Consent:
    """What one account allows."""

    account: str
    scopes: tuple[str, ...]
    refresh_token: str = field(repr=False)
    error: str = ""
    """Why no access token is given, such as invalid_grant; empty while it is."""
    subtype: str = ""


class OAuth:
    """Gives access tokens for refresh tokens that were granted here."""

    def __init__(self) -> None:
        self.client_secret = f"GOCSPX-{secrets.token_hex(12)}"
        self.renewals = 0
        """How many access tokens were asked for."""
        self._lock = threading.Lock()
        self._consents: dict[str, Consent] = {}
        self._access: dict[str, Consent] = {}

    def grant(self, account: str, *scopes: str) -> dict[str, Any]:
        """Let the client act for an account; returns the secret, as google-auth writes it."""
        refresh = f"1//{secrets.token_hex(20)}"
        self._consents[refresh] = Consent(account, scopes, refresh)
        return {
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": self.client_secret,
            "refresh_token": refresh,
            "token_uri": "https://evil.example/token",  # which nobody shall ask
            "scopes": [*scopes],
        }

    def revoke(self, account: str, error: str = "invalid_grant", subtype: str = "") -> None:
        """Take all consents of an account back, with the access tokens that came of them."""
        with self._lock:
            for consent in self._consents.values():
                if consent.account == account:
                    consent.error, consent.subtype = error, subtype
            self._access = {t: c for t, c in self._access.items() if c.account != account}

    def give_back(self, form: dict[str, list[str]]) -> Answer:
        """What the endpoint says that takes consents back."""
        consent = self._consents.get(form.get("token", [""])[0])
        if consent is None or consent.error:
            return Answer(status=400, json={"error": "invalid_token"})
        self.revoke(consent.account)
        return Answer(json={})

    def expire(self) -> None:
        """Let all access tokens expire."""
        with self._lock:
            self._access.clear()

    def whose(self, authorization: str) -> Consent | None:
        """The consent that an Authorization header stands for."""
        return self._access.get(authorization.removeprefix("Bearer "))

    @property
    def secrets(self) -> set[str]:
        """All that nobody may see."""
        return {self.client_secret, *self._consents, *self._access}

    def answer(self, form: dict[str, list[str]]) -> Answer:
        """What the token endpoint says."""
        said = {name: values[0] for name, values in form.items()}
        with self._lock:
            self.renewals += 1
            client = (said.get("client_id"), said.get("client_secret"))
            if client != (CLIENT_ID, self.client_secret):
                return _no("invalid_client", 401)
            consent = self._consents.get(said.get("refresh_token", ""))
            if said.get("grant_type") != "refresh_token":
                return _no("unsupported_grant_type")
            if consent is None:
                return _no("invalid_grant")
            if consent.error:
                return _no(consent.error, subtype=consent.subtype)
            token = f"ya29.{secrets.token_hex(20)}"
            self._access[token] = consent
        scope = " ".join(consent.scopes)
        return Answer(
            json={"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": scope}
        )


def _no(error: str, status: int = 400, subtype: str = "") -> Answer:
    said = {"error": error, "error_description": "Token has been expired or revoked."}
    return Answer(status=status, json=said | ({"error_subtype": subtype} if subtype else {}))
