"""Telling an answer by which nothing was begun from one after which nobody knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from common.waits import asked_wait
from jobs.video_generation.veo.errors import (
    ModelRetired,
    NotAllowed,
    RateLimited,
    RequestRefused,
    Unreachable,
)

if TYPE_CHECKING:
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError

    from common.errors import RunjobsError
    from jobs.video_generation.veo.settings import VeoSettings

__all__ = ["api_error", "brief", "described", "refusal", "retry_after"]

TOO_MANY = 429
GONE = 404
UNSURE = {408, 499}
"""Of the statuses from 400 on, those that a server or a proxy gives when *it* lost patience."""
# Both httpx and httpx2 have them; the request is sent only after the connection stands.
UNSENT = {"ConnectError", "ConnectTimeout"}
SECRET = re.compile(r"(?i)\b(bearer\s+|ya29\.|access_token\W{1,5})[\w.~+/=-]+")


def refusal(error: BaseException, settings: VeoSettings) -> RunjobsError | None:
    """The error that says why nothing was begun; None where something may have been."""
    from google.auth.exceptions import GoogleAuthError

    if (answer := api_error(error)) is not None:
        return _answered(answer, settings)
    if isinstance(error, GoogleAuthError):  # the token is fetched before the request is sent
        return _without_token(error, settings)
    if UNSENT & {kind.__name__ for kind in type(error).__mro__}:
        return Unreachable(f"Vertex AI in {settings.location} cannot be reached: no connection.")
    return None


def api_error(error: BaseException) -> APIError | None:
    """The error, if it is an answer of Vertex's with an HTTP status."""
    from google.genai.errors import APIError

    return error if isinstance(error, APIError) else None


def retry_after(error: APIError) -> float | None:
    """Seconds that an answer asks us to wait; None where it asks for none."""
    body = error.details.get("error") if isinstance(error.details, dict) else None
    details = body.get("details") if isinstance(body, dict) else None
    return asked_wait(getattr(error.response, "headers", None), details)


def described(error: BaseException) -> str:
    """What went wrong, in a few words without any secret."""
    answer = api_error(error)
    if answer is None:
        return f"no usable answer came ({type(error).__name__})"
    return f"the answer was {answer.code} {brief(answer.status or '')}".rstrip()


def brief(text: object) -> str:
    """What somebody else said, on one line, not too long, and without tokens."""
    line = SECRET.sub("[secret]", " ".join(str(text).split()))
    return line if len(line) <= 500 else line[:499] + "…"


def _answered(error: APIError, settings: VeoSettings) -> RunjobsError | None:
    code, said = error.code, brief(error.message or error.status or "nothing")
    where = f"project {settings.project}, {settings.location}"
    if code == TOO_MANY:
        return RateLimited(
            f"The quota of {settings.model} in {where} is used up: {said}", after=retry_after(error)
        )
    if code in {401, 403}:
        return _not_allowed(settings, f"{code}: {said}")
    if code == GONE:
        return ModelRetired(
            f"There is no model {settings.model} in {where}, or no longer: set VEO_MODEL to "
            f"one that there is, or VEO_LOCATION to where it is. Vertex AI said: {said}"
        )
    if 400 <= code < 500 and code not in UNSURE:
        return RequestRefused(f"Vertex AI refused the request ({code}): {said}", code=code)
    return None


def _without_token(error: GoogleAuthError, settings: VeoSettings) -> RunjobsError:
    from google.auth.exceptions import TransportError

    kind = type(error).__name__
    if isinstance(error, TransportError) or error.retryable:
        return Unreachable(f"No access token for Vertex AI could be had for now ({kind}).")
    return _not_allowed(settings, f"no access token could be had ({kind})")


def _not_allowed(settings: VeoSettings, why: str) -> NotAllowed:
    return NotAllowed(
        f"Vertex AI does not accept the credentials ({why}). Give the job's service account "
        f"roles/aiplatform.user in project {settings.project}; on a laptop, log in with "
        "`gcloud auth application-default login`."
    )
