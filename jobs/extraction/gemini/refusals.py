"""What an error of a call means."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from common.errors import RunjobsError
from common.waits import asked_wait
from jobs.extraction.gemini.bounded import NoAnswer
from jobs.extraction.gemini.errors import (
    BadAnswer,
    GeminiFailed,
    ModelRetired,
    NotAllowed,
    RateLimited,
    RequestRefused,
    TooSlow,
    Unreachable,
)

if TYPE_CHECKING:
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError

    from jobs.extraction.gemini.settings import GeminiSettings

__all__ = ["brief", "refusal"]

_IMPATIENT = {408, 499}
"""Of the statuses from 400 on, those that a server or a proxy gives when *it* lost patience."""
_SECRET = re.compile(r"(?i)\b(bearer\s+|ya29\.|AIza|access_token\W{1,5}|key=)[\w.~+/=-]+")


def refusal(error: Exception, settings: GeminiSettings) -> Exception:
    """The error of a call by its own name."""
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError

    if isinstance(error, APIError):
        return _answered(error, settings)
    if isinstance(error, GoogleAuthError):
        return _without_token(error, settings)
    if isinstance(error, NoAnswer) or _is(error, "TimeoutException"):
        return TooSlow(
            f"{settings.model} gave no whole answer within {settings.timeout:g} s: raise "
            "GEMINI_TIMEOUT, or split the document."
        )
    if _is(error, "TransportError"):
        return Unreachable(f"Gemini cannot be reached: {type(error).__name__}.")
    if isinstance(error, json.JSONDecodeError) or _is(error, "DecodingError", "ValidationError"):
        return BadAnswer(f"{settings.model} answered something that is no answer: no JSON.")
    # Whatever else the library raises for an answer that it was not made for.
    return BadAnswer(f"{settings.model} gave an answer that cannot be read ({_kind(error)}).")


def brief(text: object) -> str:
    """What somebody else said, on one line, not too long, and without tokens."""
    line = _SECRET.sub("[secret]", " ".join(str(text).split()))
    return line if len(line) <= 500 else line[:499] + "…"


def _kind(error: Exception) -> str:
    return type(error).__name__


def _is(error: Exception, *names: str) -> bool:
    # httpx and httpx2 have them both, and google-genai takes either; pydantic's is the third.
    return bool(set(names) & {kind.__name__ for kind in type(error).__mro__})


def _answered(error: APIError, settings: GeminiSettings) -> RunjobsError:
    code, said = error.code, brief(error.message or error.status or "nothing")
    if code == 429:
        return RateLimited(
            f"The quota of {settings.model} is used up: {said}", after=_retry_after(error)
        )
    if code in {401, 403} or _is_bad_key(error):
        return _not_allowed(settings, f"{code}: {said}")
    if code == 404:
        where = f" in project {settings.project}, {settings.location}" if settings.on_vertex else ""
        return ModelRetired(
            f"model_retired: there is no model {settings.model}{where}, or no longer: set "
            f"GEMINI_MODEL to one that there is. Google said: {said}"
        )
    if 400 <= code < 500 and code not in _IMPATIENT:
        return RequestRefused(f"Gemini refused the question ({code}): {said}", code=code)
    return GeminiFailed(f"Gemini failed ({code}): {said}", after=_retry_after(error))


def _retry_after(error: APIError) -> float | None:
    return asked_wait(getattr(error.response, "headers", None), _details(error))


def _is_bad_key(error: APIError) -> bool:
    """A key that is none is answered with 400, and a reason among the details."""
    details = _details(error) or []
    reasons = [each.get("reason") for each in details if isinstance(each, dict)]
    return error.code == 400 and "API_KEY_INVALID" in reasons


def _details(error: APIError) -> list[Any] | None:
    body = error.details.get("error") if isinstance(error.details, dict) else None
    details = body.get("details") if isinstance(body, dict) else None
    return details if isinstance(details, list) else None


def _without_token(error: GoogleAuthError, settings: GeminiSettings) -> RunjobsError:
    from google.auth.exceptions import TransportError

    kind = type(error).__name__
    if isinstance(error, TransportError) or error.retryable:
        return Unreachable(f"No access token for Vertex AI could be had for now ({kind}).")
    return _not_allowed(settings, f"no access token could be had ({kind})")


def _not_allowed(settings: GeminiSettings, why: str) -> NotAllowed:
    if not settings.on_vertex:
        return NotAllowed(f"Gemini does not accept GEMINI_API_KEY ({why}). Set one that is valid.")
    return NotAllowed(
        f"Vertex AI does not accept the credentials ({why}). Give the job's service account "
        f"roles/aiplatform.user in project {settings.project}; on a laptop, log in with "
        "`gcloud auth application-default login`."
    )
