"""What is answered where something is wrong: problem details, https://www.rfc-editor.org/rfc/rfc9457

Answers say what the asker can mend, and nothing of this process: no address, no setting, no
traceback. The log has those.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from typing_extensions import TypedDict

from common.errors import InvalidInput, RunjobsError, Unavailable
from common.runs import KeyReused, NoSuchBatch, NoSuchRun, Refused
from common.runtime.jsontext import TooLarge
from common.runtime.log import Log
from common.runtime.text import printable

__all__ = ["MEDIA_TYPE", "Problem", "ProblemData", "problem_of"]

MEDIA_TYPE = "application/problem+json"
_DETAIL = 4_000
_WAIT = "5"
"""Seconds until one may ask again, where the store is away."""

_STATUS: Mapping[type[RunjobsError], tuple[int, str]] = {
    NoSuchRun: (404, "no-such-run"),
    NoSuchBatch: (404, "no-such-batch"),
    KeyReused: (422, "key-reused"),
    TooLarge: (413, "too-large"),
    InvalidInput: (422, "invalid-input"),
    Refused: (409, "refused"),
}
"""The first that an error is an instance of counts."""


class ProblemData(TypedDict):
    """What is wrong."""

    type: str
    title: str
    status: int
    detail: str


class Problem(Exception):
    """An answer that tells what is wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.type = f"urn:runjobs:problem:{type}" if type else "about:blank"
        self.headers = dict(headers or {})

    def data(self) -> ProblemData:
        """The body of the answer."""
        return {
            "type": self.type,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": printable(self.detail, _DETAIL),
        }


def problem_of(error: Exception) -> Problem:
    """How an error is answered; what is not the asker's fault is logged instead of told."""
    if isinstance(error, Problem):
        return error
    for kind, (status, type) in _STATUS.items():
        if isinstance(error, kind):
            return Problem(status, str(error), type=type)
    if isinstance(error, Unavailable):
        Log().warning(f"A request has to wait: {error}", action="unavailable")
        detail = "A service that this needs did not answer in time: try again."
        return Problem(503, detail, type="unavailable", headers={"Retry-After": _WAIT})
    if isinstance(error, RunjobsError):
        Log().error(f"A request failed: {error}", action="request-failed")
    else:
        Log().error("A request failed.", action="request-failed", **_place(error))
    return Problem(500, "It failed, by no fault of the request: the dispatcher's log says why.")


def _place(error: Exception) -> dict[str, Any]:
    """Where it arose. What the error says may hold anything, also what nobody may read."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "at": places}
