"""Identity tokens, signed as Google signs them by keys of ours, and who tells the certificates."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.responses import JSONResponse, Response

from common.listening import listening

URL = "https://dispatcher.example"
USER = "user@p.iam.gserviceaccount.com"
WAKEUPS = "wakeups@p.iam.gserviceaccount.com"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: object) -> str:
    return b64(json.dumps(value).encode())


@cache
def key(id: str) -> rsa.RSAPrivateKey:  # noqa: ARG001 - each id has a key of its own
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(id: str) -> str:
    """Of that key, self-signed, in PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, id)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key(id).public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key(id), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def claims(now: datetime, **changes: Any) -> dict[str, Any]:
    """What a good token says; what is changed to None is left out."""
    said = {
        "iss": "https://accounts.google.com",
        "aud": URL,
        "email": USER,
        "email_verified": True,
        "sub": "1",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


def signed(said: object, *, kid: str = "one", by: str | None = None, **header: Any) -> str:
    """A token by the key `by`, which says that it is by `kid`."""
    head = {"alg": "RS256", "kid": kid, "typ": "JWT", **header}
    message = f"{part(head)}.{part(said)}"
    signature = key(by or kid).sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{message}.{b64(signature)}"


def unsigned(said: object) -> str:
    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(said)}."


def confused(said: object) -> str:
    """Signed by HS256, with the public certificate for its secret."""
    message = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(said)}"
    secret = certificate("one").encode()
    return f"{message}.{b64(hmac.new(secret, message.encode(), hashlib.sha256).digest())}"


@dataclass
class Certs:
    """A server of certificates."""

    ids: tuple[str, ...] = ("one",)
    url: str = ""
    headers: dict[str, str] = field(
        default_factory=lambda: {"Cache-Control": "public, max-age=3600, must-revalidate"}
    )
    status: int = 200
    body: bytes | None = None
    asked: int = 0

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        found = {id: certificate(id) for id in self.ids}
        response: Response = JSONResponse(found, self.status, self.headers)
        if self.body is not None:
            response = Response(self.body, self.status, self.headers)
        await response(scope, receive, send)


@contextmanager
def certs() -> Iterator[Certs]:
    server = Certs()
    with listening(server) as (host, port):
        server.url = f"http://{host}:{port}/oauth2/v1/certs"
        yield server
