"""A user whose Drive is the stand-in's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet

from common.blobs import Blobs, open_blobs
from common.integrations import Integrations
from jobs.drive_export import drive_export
from jobs.drive_import import drive_import
from tests.jobs.drive.attempts import TENANT, USER, Attempts
from tests.services.google import Google
from tests.services.google.drive import Drive

ACCOUNT = "ann@example.com"
SCOPE = "https://www.googleapis.com/auth/drive"


@pytest.fixture
def documents_url(tmp_path) -> str:
    """On one store; test_stores.py is on each."""
    return f"sqlite:///{tmp_path}/documents.sqlite3"


@pytest.fixture
def drive() -> Drive:
    return Drive()


@pytest.fixture
def google(drive, monkeypatch) -> Iterator[Google]:
    with Google(drive) as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ENCRYPTION_KEY", Fernet.generate_key().decode())
        yield found


@pytest.fixture
def blobs(tmp_path) -> Blobs:
    return open_blobs(f"file://{tmp_path}/blobs")


@pytest.fixture
def connected(google, documents) -> None:
    secret = google.oauth.grant(ACCOUNT, SCOPE)
    Integrations(documents).save(tenant=TENANT, user=USER, secret=secret, account=ACCOUNT)


@pytest.fixture
def imports(connected, documents, blobs) -> Attempts:  # noqa: ARG001
    return Attempts(drive_import, documents, blobs)


@pytest.fixture
def exports(connected, documents, blobs) -> Attempts:  # noqa: ARG001
    return Attempts(drive_export, documents, blobs)
