"""What an API answers instead of what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["HTTP_STATUS", "ApiError", "invalid", "not_found"]

HTTP_STATUS = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "UNAUTHENTICATED": 401,
}
"""https://cloud.google.com/apis/design/errors; gRPC has the names, HTTP the numbers."""


class ApiError(Exception):
    """An error as Google's APIs tell it."""

    def __init__(self, status: str, message: str, *, details: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = list(details)

    @property
    def code(self) -> int:
        """Of HTTP."""
        return HTTP_STATUS[self.status]

    def json(self) -> dict[str, Any]:
        """The body of the answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def not_found(name: str) -> ApiError:
    """There is nothing of that name."""
    return ApiError("NOT_FOUND", f"Resource '{name}' was not found.")


def invalid(field: str, problem: str) -> ApiError:
    """A field of the request is wrong."""
    return ApiError("INVALID_ARGUMENT", f"{field}: {problem}")
