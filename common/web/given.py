"""What a request brings: its query, its body, its idempotency key, each as it must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput
from common.runtime.params import checked
from common.web import bodies
from common.web.asked import Lines
from common.web.problems import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel
    from starlette.requests import Request

    from common.web.operations import Operation

__all__ = ["KEY", "Given", "given"]

KEY = "Idempotency-Key"
_KEY = re.compile(r'"?([\x20-\x21\x23-\x7e]{1,200})"?')
"""Quoted, as a structured field is, or bare."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A request, read and not yet understood."""

    query: list[tuple[str, str]]
    body: bytes
    is_lines: bool
    key: str | None

    def checked(self, operation: Operation) -> tuple[BaseModel | None, Any]:
        """Query and body as the operation has them. Raises Problem and InvalidInput."""
        model = operation.lines if self.is_lines else operation.query
        query = None if model is None else checked(model, self._query(), what="query")
        if self.is_lines:
            return query, Lines(self.body)
        if operation.body is None:
            return query, None
        return query, self._body(operation, operation.body)

    def _body(self, operation: Operation, model: type[BaseModel]) -> BaseModel:
        content = bodies.parsed(self.body)
        try:
            return checked(model, content, what="body")
        except InvalidInput as error:
            if operation.malformed == 422:
                raise
            raise Problem(operation.malformed, str(error)) from None

    def _query(self) -> dict[str, str]:
        found = dict(self.query)
        if len(found) != len(self.query):
            raise InvalidInput("query: each parameter can be said once.")
        return found


async def given(operation: Operation, request: Request) -> Given:
    """Read all of a request. Raises Problem."""
    is_lines = _is_lines(operation, request)
    body = await bodies.read(request, most=operation.most) if operation.body else b""
    return Given(
        query=request.query_params.multi_items(),
        body=body,
        is_lines=is_lines,
        key=_key(request) if operation.keyed else None,
    )


def _is_lines(operation: Operation, request: Request) -> bool:
    """Whether the body is JSON lines, and not JSON; it is refused if it is neither."""
    if operation.body is None:
        return False
    said = bodies.content_type(request)
    if operation.lines is not None and said in bodies.LINES:
        return True
    if said != bodies.JSON:
        known = [bodies.JSON, *(bodies.LINES[:1] if operation.lines else ())]
        raise Problem(415, f"The body is to be {' or '.join(known)}.")
    return False


def _key(request: Request) -> str | None:
    said = request.headers.getlist(KEY)
    if not said:
        return None
    found = _KEY.fullmatch(said[0])
    if len(said) > 1 or found is None:
        raise Problem(400, f"{KEY} is to be 1 to 200 printable ASCII characters, once.")
    return found[1]
