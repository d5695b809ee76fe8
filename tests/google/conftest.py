"""A user who connected an account of the stand-in for Google."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from common.documents import open_documents
from common.google import open_account
from common.integrations import Cipher, Integrations
from tests.google.shelf import Shelf
from tests.google.transfers import DATA
from tests.services.google import Google

ANN = "ann@example.com"


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def google(shelf, monkeypatch):
    with Google(shelf) as google:
        for name, value in google.environment.items():
            monkeypatch.setenv(name, value)
        yield google


@pytest.fixture
def documents(tmp_path):
    documents = open_documents(f"sqlite:///{tmp_path}/documents.sqlite3")
    yield documents
    documents.close()


@pytest.fixture
def integrations(documents):
    return Integrations(documents, Cipher([Fernet.generate_key().decode()]))


@pytest.fixture
def connected(google, integrations):
    secret = google.oauth.grant(ANN, "https://www.googleapis.com/auth/drive")
    return integrations.save(tenant="t1", user="ann", secret=secret, account=ANN)


@pytest.fixture
def open_one(documents, integrations, connected, time):
    """Opens the account, as often as asked, in a time that takes none unless it is said."""
    assert connected
    opened = []

    def open_it(**bounds):
        bounds = {"integrations": integrations, "clock": time.clock, **bounds}
        opened.append(open_account(documents, tenant="t1", user="ann", **bounds))
        return opened[-1]

    yield open_it
    for account in opened:
        account.close()


@pytest.fixture
def account(open_one):
    return open_one()


@pytest.fixture
def stored(shelf):
    shelf.files["a"] = DATA
