"""What is asked of Stripe, checked as strictly as it does, and how it answers by pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Params = Mapping[str, str]


class Refused(Exception):
    """An error as Stripe answers it."""

    def __init__(self, message: str, status: int = 400, **error: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": "invalid_request_error", "message": message, **error}


def known(params: Params, known: set[str], needed: set[str]) -> Params:
    """What is of the payload. Raises Refused for what is not known, and for what is missing."""
    payload = {name: value for name, value in params.items() if name.startswith("payload[")}
    for name in params.keys() - payload.keys() - known:
        raise Refused(f"Received unknown parameter: {name}", code="parameter_unknown")
    for name in needed - params.keys():
        raise Refused(f"Missing required param: {name}.", code="parameter_missing")
    if payload and "event_name" not in known:
        raise Refused("Received unknown parameter: payload", code="parameter_unknown")
    return payload


def number(params: Params, name: str, default: int) -> int:
    text = params.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise Refused(f"Invalid integer: {text}", param=name)
    return int(text)


def page_of(url: str, data: list[dict[str, Any]], params: Params) -> dict[str, Any]:
    limit = number(params, "limit", 10)
    if not 1 <= limit <= 100:
        raise Refused("This value must be between 1 and 100.", param="limit")
    ids = [each["id"] for each in data]
    begin = ids.index(params["starting_after"]) + 1 if "starting_after" in params else 0
    page = data[begin : begin + limit]
    return {"object": "list", "url": url, "has_more": begin + limit < len(data), "data": page}
