"""What Cloud Storage's errors mean, and which fix they name."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from google.api_core import exceptions as api
from google.auth import exceptions as auth
from google.cloud.storage.exceptions import (
    DataCorruption,
    InvalidResponse,
)
from requests import RequestException
from urllib3.exceptions import HTTPError

from common.errors import Misconfigured, RunjobsError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["no_bucket", "translated"]

_UNANSWERED = (
    api.RetryError,
    api.ServerError,
    api.TooManyRequests,
    auth.TransportError,
    DataCorruption,
    InvalidResponse,
    RequestException,
    HTTPError,
)
_EXPECTED = (api.NotFound, api.PreconditionFailed)


@contextlib.contextmanager
def translated(uri: str) -> Iterator[None]:
    """Raise this project's errors for the client's, except NotFound and PreconditionFailed."""
    try:
        yield
    except _EXPECTED:
        raise
    except (*_UNANSWERED, api.GoogleAPICallError, auth.GoogleAuthError) as error:
        raise _meaning(error, uri) from error


def no_bucket(bucket: str) -> Misconfigured:
    """Return the error for a bucket that is not there."""
    return Misconfigured(
        f"The bucket gs://{bucket} does not exist:"
        f" make it with `gcloud storage buckets create gs://{bucket}`,"
        " or set RUNJOBS_BLOBS to gs:// and an existing one."
    )


def _meaning(error: Exception, uri: str) -> RunjobsError:
    if isinstance(error, _UNANSWERED) or getattr(error, "retryable", False):
        return Unavailable(f"Cloud Storage did not answer for {uri}: {_first_line(error)}")
    if isinstance(error, api.Forbidden):
        return Misconfigured(
            f"Access to {uri} is refused: grant roles/storage.objectUser on the bucket"
            f" to the account this runs as. Cloud Storage says: {_first_line(error)}"
        )
    if isinstance(error, auth.GoogleAuthError | api.Unauthorized):
        return Misconfigured(
            f"There are no valid Google credentials for {uri}:"
            f" run `gcloud auth application-default login`. {_first_line(error)}"
        )
    return RunjobsError(f"Cloud Storage refused {uri}: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
