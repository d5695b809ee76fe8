"""What Google, or google-genai, says where there is no answer: read, and told without secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from common.waits import asked_wait

if TYPE_CHECKING:
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError

__all__ = [
    "IMPATIENT",
    "TOO_MANY",
    "api_error",
    "brief",
    "described",
    "details",
    "is_one_of",
    "may_pass",
    "not_accepted",
    "retry_after",
]

TOO_MANY = 429
IMPATIENT = frozenset({408, 499})
"""Of the statuses from 400 on, those that a server or a proxy gives when *it* lost patience."""
_LONGEST = 500
# Tokens of OAuth, and both forms that keys of the Gemini API have.
_SECRET = re.compile(
    r"(?i)\b(bearer\s+|ya29\.|AIza|AQ\.(?=[\w-]{20})|access_token\W{1,5}|key=)[\w.~+/=-]+"
)


def api_error(error: BaseException) -> APIError | None:
    """The error, if it is an answer of Google's with an HTTP status."""
    from google.genai.errors import APIError

    return error if isinstance(error, APIError) else None


def details(error: APIError) -> list[dict[str, Any]]:
    """What an answer says beside its message: google.rpc's RetryInfo, ErrorInfo and the like."""
    body = error.details.get("error") if isinstance(error.details, dict) else None
    found = body.get("details") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def retry_after(error: APIError) -> float | None:
    """Seconds that an answer asks us to wait; None where it asks for none."""
    return asked_wait(getattr(error.response, "headers", None), details(error))


def described(error: BaseException) -> str:
    """What went wrong, in a few words without any secret."""
    answer = api_error(error)
    if answer is None:
        return f"no usable answer came ({type(error).__name__})"
    return f"the answer was {answer.code} {brief(answer.status or '')}".rstrip()


def brief(text: object) -> str:
    """What somebody else said, on one line, not too long, and without tokens."""
    line = _SECRET.sub("[secret]", " ".join(str(text).split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def is_one_of(error: BaseException, *names: str) -> bool:
    """Whether the error is of a class of such a name: httpx and httpx2 have the same ones, and
    google-genai takes either."""
    return any(kind.__name__ in names for kind in type(error).__mro__)


def may_pass(error: GoogleAuthError) -> bool:
    """Whether an access token that could not be had may be had a moment later."""
    from google.auth.exceptions import TransportError

    return isinstance(error, TransportError) or bool(error.retryable)


def not_accepted(project: str, why: str) -> str:
    """What is to be done where Vertex AI does not accept the credentials."""
    return (
        f"Vertex AI does not accept the credentials ({why}). Give the job's service account "
        f"roles/aiplatform.user in project {project}; on a laptop, log in with "
        "`gcloud auth application-default login`."
    )
