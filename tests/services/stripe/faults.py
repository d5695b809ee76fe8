"""How calls of the stand-in go wrong."""

from __future__ import annotations

from dataclasses import dataclass

from tests.services.vertex import Answer


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How a call goes wrong."""

    answer: Answer
    applied: bool = False
    """Whether what was asked for is done all the same."""


def busy(status: int = 429, message: str = "Too many requests.", **headers: str) -> Fault:
    """Refused for now; headers are named with underscores."""
    error = {"type": "invalid_request_error", "code": "rate_limit", "message": message}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(answer=Answer(status=status, body={"error": error}, headers=named))


RESET = Fault(answer=Answer(manner="reset"))
LOST = Fault(answer=Answer(manner="reset"), applied=True)
HANGING = Fault(answer=Answer(manner="hang"))
DRIPPING = Fault(answer=Answer(body=b" " * 10_000, manner="drip"), applied=True)
GARBAGE = Fault(answer=Answer(body=b"<html>\xff"), applied=True)
BROKEN = Fault(answer=Answer(status=500, body={"error": {"type": "api_error"}}), applied=True)
