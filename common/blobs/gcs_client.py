"""How Cloud Storage is reached: with which client, as whom."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import google.auth
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["Connection", "connect"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A client, and the credentials it was made with."""

    client: storage.Client
    """Safe to use from several threads."""
    credentials: Credentials
    """What URLs are signed with."""


def connect() -> Connection:
    """Connect with the application's default credentials, or to STORAGE_EMULATOR_HOST with none."""
    if os.environ.get("STORAGE_EMULATOR_HOST"):
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]
        client = storage.Client(project="emulator", credentials=anonymous)
        return Connection(client=client, credentials=anonymous)
    # All of the platform, not storage alone, since IAM signs URLs.
    credentials, project = google.auth.default(scopes=[_SCOPE])
    client = storage.Client(project=project, credentials=credentials)
    return Connection(client=client, credentials=credentials)
