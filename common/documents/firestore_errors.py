"""What Firestore's errors mean for whoever reads and commits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from common.documents.writes import Conflict
from common.errors import InvalidInput, Misconfigured, Unavailable

__all__ = ["conditions", "translated"]

# From its beginning: the message on a missing document holds the path, in which anything may be.
_NO_DATABASE = re.compile(r"(the )?(database|project) \S+ does not exist", re.IGNORECASE)
_TOO_LARGE = re.compile(
    r"maximum entity size|exceeds the maximum|is longer than [\d,]+ bytes|too big", re.IGNORECASE
)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Raise this project's errors for those of the client library of the store at `url`."""
    from google.api_core import exceptions as api
    from google.auth.exceptions import GoogleAuthError

    transient = _transient()
    try:
        yield
    except transient as error:
        raise Unavailable(
            f"{url} does not answer ({error}): check the network, "
            "FIRESTORE_EMULATOR_HOST and the service's status."
        ) from error
    except (api.GoogleAPICallError, GoogleAuthError) as error:
        raise Misconfigured(
            f"{url} cannot be used ({error}): check RUNJOBS_DOCUMENTS, that the database "
            "exists, and the credentials (gcloud auth application-default login)."
        ) from error


@contextmanager
def conditions() -> Iterator[None]:
    """Where a commit is refused for what is in it, or stands against it, say so."""
    from google.api_core import exceptions as api

    try:
        yield
    except (api.AlreadyExists, api.FailedPrecondition) as error:
        raise Conflict(f"A condition did not hold: {error.message}") from error
    except api.NotFound as error:
        # The same status says that the document to update is gone, and that the database is.
        if _NO_DATABASE.match(str(error.message)):
            raise
        raise Conflict(f"The document was deleted by another: {error.message}") from error
    except api.InvalidArgument as error:
        if not _TOO_LARGE.search(str(error.message)):
            raise
        raise InvalidInput(
            "Firestore takes documents of up to 1 MiB and commits of up to 10 MiB "
            f"({error.message}): write less at once, or keep it as a blob."
        ) from error


def _transient() -> tuple[type[Exception], ...]:
    from google.api_core import exceptions as api

    return (
        ConnectionError,
        api.Aborted,
        api.Cancelled,
        api.DeadlineExceeded,
        api.InternalServerError,
        api.ResourceExhausted,
        api.RetryError,
        api.ServiceUnavailable,
        api.Unknown,
    )
