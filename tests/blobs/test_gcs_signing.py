"""Signed URLs of Cloud Storage, with each kind of credentials; nothing here needs a network."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import google.oauth2.credentials
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth import compute_engine
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from common.blobs import CannotSign
from common.blobs.gcs import GcsBlobs
from common.blobs.gcs_client import Connection, make_client

ROBOT = "robot@project.iam.gserviceaccount.com"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def blobs_as(credentials) -> GcsBlobs:
    client = make_client(project="project", credentials=credentials)
    connection = Connection(client=client, credentials=credentials)
    return GcsBlobs("bucket", "top", connect=lambda: connection)


def with_key(key) -> service_account.Credentials:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    info = {"client_email": ROBOT, "private_key": pem.decode(), "token_uri": "https://invalid/"}
    return service_account.Credentials.from_service_account_info(info)


def of_cloud_run(monkeypatch, status: HTTPStatus) -> tuple[compute_engine.Credentials, list[str]]:
    """Credentials as Cloud Run has them: a token and an account's name, once refreshed."""
    asked: list[str] = []

    def refresh(credentials, _):
        credentials.token, credentials._service_account_email = "token", ROBOT

    def answer(_, url, **__):
        asked.append(url)
        body = json.dumps({"signedBlob": base64.b64encode(b"signed by IAM").decode()})
        return SimpleNamespace(status=status, data=body.encode())

    monkeypatch.setattr(compute_engine.Credentials, "refresh", refresh)
    monkeypatch.setattr(Request, "__call__", answer)
    return compute_engine.Credentials(universe_domain="googleapis.com"), asked


def test_a_service_accounts_key_signs_the_very_path_for_the_very_time(key):
    url = urlsplit(blobs_as(with_key(key)).sign("a b/ü.mp4", HOUR))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.scheme, url.netloc) == ("https", "storage.googleapis.com")
    assert unquote(url.path) == "/bucket/top/a b/ü.mp4"
    assert query["X-Goog-Expires"] == "3600"
    assert query["X-Goog-Credential"].startswith(ROBOT)


def test_the_signature_is_the_keys(key):
    url = urlsplit(blobs_as(with_key(key)).sign("a", HOUR))
    signed, _, signature = url.query.partition("&X-Goog-Signature=")
    query = {name: values[0] for name, values in parse_qs(signed).items()}
    canonical = f"GET\n{url.path}\n{signed}\nhost:{url.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical.encode())
    scope = query["X-Goog-Credential"].partition("/")[2]
    parts = [query["X-Goog-Algorithm"], query["X-Goog-Date"], scope, digest.finalize().hex()]
    key.public_key().verify(
        bytes.fromhex(signature), "\n".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256()
    )


def test_on_cloud_run_iam_signs_for_the_account(monkeypatch):
    credentials, asked = of_cloud_run(monkeypatch, HTTPStatus.OK)
    url = blobs_as(credentials).sign("a", HOUR)
    assert url.endswith(f"X-Goog-Signature={b'signed by IAM'.hex()}")
    assert len(asked) == 1
    assert f"/serviceAccounts/{ROBOT}:signBlob" in asked[0]


def test_an_account_that_may_not_sign_is_named_with_the_role_it_needs(monkeypatch):
    credentials, _ = of_cloud_run(monkeypatch, HTTPStatus.FORBIDDEN)
    with pytest.raises(CannotSign, match=f"serviceAccountTokenCreator on {ROBOT}") as caught:
        blobs_as(credentials).sign("a", HOUR)
    assert caught.value.uri == "gs://bucket/top/a"


def test_a_user_has_nothing_to_sign_with():
    user = google.oauth2.credentials.Credentials(token="t")
    with pytest.raises(CannotSign, match="run as a service account"):
        blobs_as(user).sign("a", HOUR)
