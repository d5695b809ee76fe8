"""What an identity token must say. Whether Google said it is signatures.py's to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

__all__ = ["Bad", "Expected"]

_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_LIFETIME = timedelta(hours=1)
_SKEW = timedelta(minutes=1)
"""By how much whoever made the token may see another time than we."""
_END = 1e11
"""Seconds since 1970; not a number is not below it either."""


class Bad(Exception):
    """Raised when a token proves nothing; why is for the log, not for whoever showed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What is expected of a token."""

    audience: str
    """For whom it is to be."""

    def email(self, claims: Mapping[str, Any], now: datetime) -> str:
        """The verified address of whom it is of, in lower case. Raises Bad."""
        if claims.get("iss") not in _ISSUERS:
            raise Bad("another issuer")
        if not self.audience or claims.get("aud") != self.audience:
            raise Bad("another audience")
        self._check_times(claims, now.timestamp())
        email = claims.get("email")
        if not isinstance(email, str) or not email or claims.get("email_verified") is not True:
            raise Bad("no verified address")
        return email.lower()

    def _check_times(self, claims: Mapping[str, Any], now: float) -> None:
        skew, lifetime = _SKEW.total_seconds(), _LIFETIME.total_seconds()
        issued, expires = _time(claims, "iat"), _time(claims, "exp")
        begins = _time(claims, "nbf") if "nbf" in claims else issued
        if max(issued, begins) > now + skew:
            raise Bad("it is of the future")
        if expires <= now - skew:
            raise Bad("it has expired")
        if expires - issued > lifetime + skew:
            raise Bad("it lives too long")


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < _END:
        raise Bad(f"{name} is no time")
    return float(value)
