"""What an error of a call means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from common.errors import RunjobsError
from common.gemini.errors import (
    BadAnswer,
    GeminiFailed,
    ModelRetired,
    NotAllowed,
    RateLimited,
    RequestRefused,
    TooSlow,
    Unreachable,
)
from common.genai import (
    IMPATIENT,
    TOO_MANY,
    NoAnswer,
    api_error,
    brief,
    details,
    is_one_of,
    may_pass,
    not_accepted,
    retry_after,
)

if TYPE_CHECKING:
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError

    from common.gemini.settings import GeminiSettings

__all__ = ["refusal"]


def refusal(error: Exception, settings: GeminiSettings) -> Exception:
    """The error of a call by its own name."""
    from google.auth.exceptions import GoogleAuthError

    if (answer := api_error(error)) is not None:
        return _answered(answer, settings)
    if isinstance(error, GoogleAuthError):
        return _without_token(error, settings)
    if isinstance(error, NoAnswer) or is_one_of(error, "TimeoutException"):
        return TooSlow(
            f"{settings.model} gave no whole answer within {settings.timeout:g} s: raise "
            f"{settings.prefix}_TIMEOUT, or ask for less at once."
        )
    if is_one_of(error, "TransportError"):
        return Unreachable(f"Gemini cannot be reached: {type(error).__name__}.")
    if isinstance(error, json.JSONDecodeError) or is_one_of(
        error, "DecodingError", "ValidationError"
    ):
        return BadAnswer(f"{settings.model} answered something that is no answer: no JSON.")
    # Whatever else the library raises for an answer that it was not made for.
    kind = type(error).__name__
    return BadAnswer(f"{settings.model} gave an answer that cannot be read ({kind}).")


def _answered(error: APIError, settings: GeminiSettings) -> RunjobsError:
    code, said = error.code, brief(error.message or error.status or "nothing")
    if code == TOO_MANY:
        return RateLimited(
            f"The quota of {settings.model} is used up: {said}", after=retry_after(error)
        )
    if code in {401, 403} or _is_bad_key(error):
        return _not_allowed(settings, f"{code}: {said}")
    if code == 404:
        where = f" in project {settings.project}, {settings.location}" if settings.on_vertex else ""
        return ModelRetired(
            f"model_retired: there is no model {settings.model}{where}, or no longer: set "
            f"{settings.prefix}_MODEL to one that there is. Google said: {said}"
        )
    if 400 <= code < 500 and code not in IMPATIENT:
        return RequestRefused(f"Gemini refused the question ({code}): {said}", code=code)
    return GeminiFailed(f"Gemini failed ({code}): {said}", after=retry_after(error))


def _is_bad_key(error: APIError) -> bool:
    """A key that is none is answered with 400, and a reason among the details."""
    reasons = [each.get("reason") for each in details(error)]
    return error.code == 400 and "API_KEY_INVALID" in reasons


def _without_token(error: GoogleAuthError, settings: GeminiSettings) -> RunjobsError:
    kind = type(error).__name__
    if may_pass(error):
        return Unreachable(f"No access token for Vertex AI could be had for now ({kind}).")
    return _not_allowed(settings, f"no access token could be had ({kind})")


def _not_allowed(settings: GeminiSettings, why: str) -> NotAllowed:
    if settings.on_vertex:
        return NotAllowed(not_accepted(settings.project, why))
    return NotAllowed(f"Gemini does not accept GEMINI_API_KEY ({why}). Set one that is valid.")
