"""Tokens that Google's own library takes for Google's."""

from __future__ import annotations

import base64
import json
import threading

import pytest
from google.auth import exceptions, jwt
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from common.documents import open_documents
from common.listening import listening
from common.localcloud.rest import Rest
from common.localcloud.store import Store
from common.localcloud.tokens import ISSUER, Tokens

ACCOUNT = "tasks@local.iam.gserviceaccount.com"


@pytest.fixture
def tokens(documents) -> Tokens:
    return Tokens(Store(documents))


def test_googles_library_verifies_one_by_the_certificates_that_are_served(tokens):
    with listening(Rest(tokens.rpcs)) as (host, port):
        claims = id_token.verify_token(
            tokens.identity(ACCOUNT, "https://dispatcher"),
            Request(),
            audience="https://dispatcher",
            certs_url=f"http://{host}:{port}/oauth2/v1/certs",
        )
    assert claims["iss"] == ISSUER
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)
    assert claims["exp"] - claims["iat"] == 3600


def test_one_that_was_changed_is_refused(tokens):
    header, claims, signature = tokens.identity(ACCOUNT, "https://dispatcher").split(".")
    other = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"email": "other@x"}
    forged = base64.urlsafe_b64encode(json.dumps(other).encode()).rstrip(b"=").decode()
    certificates = tokens.rpcs[0].answer(None)
    with pytest.raises(exceptions.GoogleAuthError):
        jwt.decode(f"{header}.{forged}.{signature}", certs=certificates)


def test_processes_that_begin_at_once_have_one_key(documents_url):
    def certificates(found: list) -> None:
        documents = open_documents(documents_url)
        together.wait()
        found.append(Tokens(Store(documents)).rpcs[0].answer(None))
        documents.close()

    together, found = threading.Barrier(3), []
    threads = [threading.Thread(target=certificates, args=(found,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert found[0] == found[1] == found[2]


def test_the_same_account_is_the_same_subject(tokens):
    one, again, other = (
        jwt.decode(tokens.identity(email, "a"), verify=False)["sub"] for email in "aab"
    )
    assert one == again != other
    assert one.isdigit()


def test_access_tokens_are_opaque_and_each_another(tokens):
    assert tokens.access() != tokens.access()
