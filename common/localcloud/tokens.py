"""Tokens as Google signs them, by a key of our own, for calls that the local cloud makes.

The key is made when it is first needed and kept among the other resources, so that all processes
that serve sign with the same one. Its certificate is at /oauth2/v1/certs, as Google's are at
https://www.googleapis.com/oauth2/v1/certs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured
from common.localcloud.errors import ApiError
from common.localcloud.rpc import Call, Json, Rpc
from common.localcloud.store import Resource, Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["ISSUER", "Tokens"]

ISSUER = "https://accounts.google.com"
_NAME = "keys/oidc"
_BITS = 2048
_LIFETIME = timedelta(hours=1)
_VALID = timedelta(days=3650)


class Tokens:
    """Makes tokens, and tells the certificate to check them by."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rpcs = (Rpc(verb="GET", path="/oauth2/v1/certs", answer=self._certificates),)

    def identity(self, email: str, audience: str) -> str:
        """An OIDC token: who calls, and whom. Raises Misconfigured where there is no
        cryptography."""
        now = int(self._store.now().timestamp())
        subject = str(int(hashlib.sha256(email.encode()).hexdigest(), 16))[:21]
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "azp": subject,
            "sub": subject,
            "email": email,
            "email_verified": True,
            "iat": now,
            "exp": now + int(_LIFETIME.total_seconds()),
        }
        header = {"alg": "RS256", "kid": self._key.kept["kid"], "typ": "JWT"}
        return self._signed(f"{_part(header)}.{_part(claims)}")

    def access(self) -> str:
        """An OAuth access token: opaque, as Google's are, and nothing here asks for one."""
        return f"ya29.local.{secrets.token_urlsafe(64)}"

    def _certificates(self, _: Call) -> Json:
        return {self._key.kept["kid"]: self._key.data["certificate"]}

    def _signed(self, text: str) -> str:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signature = self._private.sign(text.encode(), PKCS1v15(), SHA256())
        return f"{text}.{_base64(signature)}"

    @cached_property
    def _private(self) -> RSAPrivateKey:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        key: Any = load_pem_private_key(self._key.kept["private"].encode(), None)
        return key  # type: ignore[no-any-return]

    @cached_property
    def _key(self) -> Resource:
        found = self._store.find(_NAME)
        if found is None:
            try:
                found = self._store.create(_new_key(self._store.now()))
            except ApiError:  # another process was first
                found = self._store.get(_NAME)
        return found


def _new_key(now: datetime) -> Resource:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError as error:
        raise Misconfigured(
            "Calls with tokens need cryptography: pip install 'runjobs[gcp]'."
        ) from error
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = _certificate(key, now)
    kept = {"private": private.decode(), "kid": hashlib.sha1(certificate).hexdigest()}  # noqa: S324 - a name, as Google's are
    data = {"certificate": certificate.decode()}
    return Resource(name=_NAME, data=data, kept=kept, created=now)


def _certificate(key: RSAPrivateKey, now: datetime) -> bytes:
    """Signed by itself; valid from a day before, as clocks may differ."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "runjobs local cloud")])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + _VALID,
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def _part(data: Json) -> str:
    return _base64(json.dumps(data, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
