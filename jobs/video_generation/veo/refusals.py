"""Telling an answer by which nothing was begun from one after which nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.genai import (
    IMPATIENT,
    TOO_MANY,
    api_error,
    brief,
    is_one_of,
    may_pass,
    not_accepted,
    retry_after,
)
from jobs.video_generation.remote.errors import (
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

__all__ = ["refusal"]

GONE = 404
UNSENT = ("ConnectError", "ConnectTimeout")
"""The request is sent only after the connection stands."""


def refusal(error: BaseException, settings: VeoSettings) -> RunjobsError | None:
    """The error that says why nothing was begun; None where something may have been."""
    from google.auth.exceptions import GoogleAuthError

    if (answer := api_error(error)) is not None:
        return _answered(answer, settings)
    if isinstance(error, GoogleAuthError):  # the token is fetched before the request is sent
        return _without_token(error, settings)
    if is_one_of(error, *UNSENT):
        return Unreachable(f"Vertex AI in {settings.location} cannot be reached: no connection.")
    return None


def _answered(error: APIError, settings: VeoSettings) -> RunjobsError | None:
    code, said = error.code, brief(error.message or error.status or "nothing")
    where = f"project {settings.project}, {settings.location}"
    if code == TOO_MANY:
        return RateLimited(
            f"The quota of {settings.model} in {where} is used up: {said}", after=retry_after(error)
        )
    if code in {401, 403}:
        return NotAllowed(not_accepted(settings.project, f"{code}: {said}"))
    if code == GONE:
        return ModelRetired(
            f"There is no model {settings.model} in {where}, or no longer: set VEO_MODEL to "
            f"one that there is, or VEO_LOCATION to where it is. Vertex AI said: {said}"
        )
    if 400 <= code < 500 and code not in IMPATIENT:
        return RequestRefused(f"Vertex AI refused the request ({code}): {said}", code=code)
    return None


def _without_token(error: GoogleAuthError, settings: VeoSettings) -> RunjobsError:
    kind = type(error).__name__
    if may_pass(error):
        return Unreachable(f"No access token for Vertex AI could be had for now ({kind}).")
    return NotAllowed(not_accepted(settings.project, f"no access token could be had ({kind})"))
