"""How asking Gemini can fail, each way by its own name."""

from __future__ import annotations

from common.limits import Throttled
from common.runtime import Permanent, Retryable

__all__ = [
    "BadAnswer",
    "Blocked",
    "CutOff",
    "EmptyAnswer",
    "GeminiFailed",
    "ModelRetired",
    "NotAllowed",
    "RateLimited",
    "RequestRefused",
    "TooSlow",
    "Unreachable",
    "Withheld",
]


class RateLimited(Retryable, Throttled):
    """Raised when Gemini refuses a question for want of quota; `after` is what it asked for."""


class GeminiFailed(Retryable):
    """Raised when Gemini answers with an error of its own (5xx, 408)."""


class Unreachable(Retryable):
    """Raised when no connection could be made, or it broke, or there is no token for now."""


class TooSlow(Retryable):
    """Raised when no whole answer has come in the time that is set."""


class NotAllowed(Permanent):
    """Raised when the key, or the credentials, are not accepted."""


class ModelRetired(Permanent):
    """Raised when there is no such model, or no longer."""


class RequestRefused(Permanent):
    """Raised when the question is refused for what it is; `code` is the HTTP status."""

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class Blocked(Permanent):
    """Raised when the question was not let through to the model; `reason` is Google's word."""

    def __init__(self, reason: str, said: str = "") -> None:
        why = f": {said}" if said else ""
        super().__init__(
            f"Gemini does not take the question ({reason}){why}. --provider local asks nobody."
        )
        self.reason = reason


class Withheld(Permanent):
    """Raised when the answer was begun and withheld (SAFETY, RECITATION, …)."""

    def __init__(self, reason: str, said: str = "") -> None:
        why = f": {said}" if said else ""
        super().__init__(
            f"Gemini withheld its answer ({reason}){why}. --provider local asks nobody."
        )
        self.reason = reason


class CutOff(Permanent):
    """Raised when the answer is longer than the model may write."""


class EmptyAnswer(Retryable):
    """Raised when there is nothing in the answer, and it does not say why."""


class BadAnswer(Retryable):
    """Raised when the answer is not what was asked for."""
