"""The body of a request: read within limits, and JSON without what JSON does not know."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from common.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["JSON", "LINES", "content_type", "parsed", "read"]

JSON = "application/json"
LINES = ("application/jsonl", "application/x-ndjson", "application/jsonlines")
_PATIENCE = 60.0
"""Seconds for all of it to arrive."""


def content_type(request: Request) -> str:
    """Without its parameters. Raises Problem for one that is not UTF-8, or compressed."""
    said, *parameters = request.headers.get("content-type", "").lower().split(";")
    charset = [each.strip() for each in parameters if each.strip().startswith("charset=")]
    if charset not in ([], ["charset=utf-8"], ['charset="utf-8"']):
        raise Problem(415, "The body is to be in UTF-8.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "The body is to come uncompressed.")
    return said.strip()


async def read(request: Request, *, most: int) -> bytes:
    """All of it. Raises Problem for more than `most` bytes, and where it does not arrive."""
    if (said := request.headers.get("content-length", "")).isdigit() and int(said) > most:
        raise _too_large(most)
    content = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                content += chunk
                if len(content) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise Problem(408, "The body did not arrive.") from None
    return bytes(content)


def parsed(content: bytes) -> dict[str, Any]:
    """The JSON object that it is. Raises Problem."""
    try:
        value = json.loads(content.decode(), parse_constant=_no_constant)
    except RecursionError:
        raise Problem(400, "The JSON is nested too deep.") from None
    except UnicodeDecodeError as error:
        raise Problem(400, f"The body is not UTF-8 from its byte {error.start + 1} on.") from None
    except ValueError as error:
        raise Problem(400, f"The body is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise Problem(400, "The body is to be a JSON object.")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON knows")


def _too_large(most: int) -> Problem:
    # What is left of the body would be taken for the next request.
    headers = {"Connection": "close"}
    return Problem(413, f"The body has more than {most:,} bytes.", headers=headers)
