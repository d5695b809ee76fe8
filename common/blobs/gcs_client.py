"""How Cloud Storage is reached: with which client, as whom."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING, Any

import google.auth
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Client

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["Connection", "connect", "make_client"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_NO_METADATA = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A client, and the credentials it was made with."""

    client: Client
    """Safe to use from several threads."""
    credentials: Credentials
    """What URLs are signed with."""


def connect() -> Connection:
    """Connect with the application's default credentials, or to STORAGE_EMULATOR_HOST with none."""
    if os.environ.get("STORAGE_EMULATOR_HOST"):
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]
        client = make_client(project="emulator", credentials=anonymous)
        return Connection(client=client, credentials=anonymous)
    # All of the platform, not storage alone, since IAM signs URLs.
    credentials, project = google.auth.default(scopes=[_SCOPE])
    client = make_client(project=project, credentials=credentials)
    return Connection(client=client, credentials=credentials)


def make_client(**options: Any) -> Client:
    """Return a client that sends what it is asked to send, and nothing else."""
    # Since 3.17 it also describes the bucket to its tracing, traced or not: in a thread of
    # its own that retries for two minutes, with a permission that objects do not need.
    os.environ.setdefault(_NO_METADATA, "true")
    return Client(**options)
