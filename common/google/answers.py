"""Google's errors told apart by the reasons that it gives: a status alone says too little.

https://developers.google.com/workspace/drive/api/guides/handle-errors
https://developers.google.com/workspace/gmail/api/guides/handle-errors
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from common.errors import Misconfigured, RunjobsError
from common.google import errors
from common.waits import asked_wait

__all__ = ["error_of"]

_THROTTLED = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "sharingRateLimitExceeded",
    "RATE_LIMIT_EXCEEDED",
}
_USED_UP_TODAY = {"dailyLimitExceeded", "quotaExceeded"}
_NO_SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}
_FULL = {
    "storageQuotaExceeded",
    "teamDriveFileLimitExceeded",
    "numChildrenInNonRootLimitExceeded",
    "activeItemCreationLimitExceeded",
}
_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
_BY_STATUS = {
    404: errors.NotFound,
    408: errors.NoAnswer,
    409: errors.AlreadyThere,
    410: errors.Gone,
    412: errors.Changed,
    429: errors.Throttled,
}
_TODAY = 3600.0
"""Seconds to wait where a day's calls are used up."""
_TEXT = 200
_TOKENS = re.compile(r"ya29\.\S+|1//\S+|GOCSPX-\S+|Bearer \S+", re.IGNORECASE)


def error_of(
    status: int, headers: Mapping[str, str], body: bytes, *, what: str, user: str
) -> RunjobsError:
    """What an answer says that is no success."""
    reasons, text = _said(body)
    reason = min(reasons, default="")
    said = f"Google refused {what}: {status}{f' {reason}' if reason else ''}{text}."
    facts: dict[str, Any] = {"status": status, "reason": reason, "after": asked_wait(headers, None)}
    if status in {403, 429} and (found := _limited(reasons, said, facts)):
        return found
    if status == 403:
        return _forbidden(reasons, said, facts, what=what, user=user)
    if status >= 500 or status == 408:
        facts["harmless"] = False
        return errors.NoAnswer(f"Google could not do {what} now: {status}{text}.", **facts)
    if status == 401:
        return errors.NoAnswer(f"Google took no access token for {what}{text}.", **facts)
    if status < 400:
        return errors.BadAnswer(f"Google answered {what} with {status}.", **facts)
    return _BY_STATUS.get(status, errors.Rejected)(said, **facts)


def _limited(reasons: set[str], said: str, facts: dict[str, Any]) -> errors.GoogleError | None:
    if reasons & _USED_UP_TODAY:
        facts["after"] = max(facts["after"] or 0.0, _TODAY)
        return errors.Throttled(said, **facts)
    return errors.Throttled(said, **facts) if reasons & _THROTTLED else None


def _forbidden(
    reasons: set[str], said: str, facts: dict[str, Any], *, what: str, user: str
) -> RunjobsError:
    if reasons & _NO_SCOPE:
        return errors.MissingScope(user, what)
    if reasons & _OFF:
        return Misconfigured(f"{said} Enable that API in the project of GOOGLE_CLIENT_ID.")
    kind = errors.StorageUsedUp if reasons & _FULL else errors.Forbidden
    return kind(said, **facts)


def _said(body: bytes) -> tuple[set[str], str]:
    """The reasons, and the message as a part of a sentence."""
    try:
        error = json.loads(body)["error"]
        reasons = {str(each["reason"]) for each in _details(error) if "reason" in each}
        message = " ".join(str(error.get("message", "")).split())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return set(), ""
    text = _TOKENS.sub("…", "".join(c for c in message if c.isprintable()))[:_TEXT].rstrip(".")
    return reasons, f" ({text})" if text else ""


def _details(error: Any) -> list[dict[str, Any]]:
    found = [*error.get("errors", ()), *error.get("details", ())]
    return [each for each in found if isinstance(each, dict)]
