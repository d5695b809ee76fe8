"""What comes of a call: HTTP's answer, and what Google's APIs tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Answer"]

_CODES = {
    "OK": 0,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""Of HTTP's status, as google/rpc/code.proto has them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of it."""

    status: int = 0
    """Of HTTP; 0 where there was no answer."""
    headers: dict[str, str] = field(default_factory=dict)
    """With names like Retry-After, however they were written."""
    problem: str = ""
    """Why there was no answer: the name of a code of google.rpc."""

    @property
    def good(self) -> bool:
        """Whether the request was taken."""
        return 200 <= self.status < 300

    @property
    def slower(self) -> bool:
        """Whether it asks for fewer requests."""
        return self.status in {429, 503}

    @property
    def rpc(self) -> dict[str, object]:
        """As a google.rpc.Status; an empty one for a good answer."""
        if self.good:
            return {}
        name = self.problem or _NAMES.get(self.status) or _family(self.status)
        said = f"HTTP status code {self.status}" if self.status else "there was no answer"
        return {"code": _CODES[name], "message": f"{name}({_CODES[name]}): {said}"}


def _family(status: int) -> str:
    return {4: "FAILED_PRECONDITION", 5: "INTERNAL"}.get(status // 100, "UNKNOWN")
